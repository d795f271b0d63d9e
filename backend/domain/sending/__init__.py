"""Sending: when a message leaves, or why it does not.

rule               SendNow, Postpone, Hold, Discard or Fail: composes the rules below
windows            days and hours in the sender's time zone; `window_entry` for the form
throttle           limits a day and an hour, and the gap between two messages
suppression        addresses that are not written to
failing_addresses  when a bouncing address is suppressed, and when it recovers
delivery_report    what a report says of a message that left
pending            states of a pending message and their transitions
due_dates          dates a message may be given
forecast           when each pending message will leave, and in words why then
outlook            what is shown of all mail that waits in a mailbox: its forecasts and its stops
"""
