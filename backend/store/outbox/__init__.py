"""The outbox: pending messages as rows.

rows      rows as the sending rules see them, and the steps of their chain of proof
forecasts  when waiting mail is expected to leave
gate      the limits, windows, departures and state of one mailbox
waiting   everything that waits in a mailbox, for the forecast
turns     the lock under which forecasts are rewritten
looking   takes the lease of a mailbox and reads its next message
claiming  the claim: one statement makes a row `sending`
leaving   records that a message has left
quoted    earlier messages, repeated below a reply
"""
