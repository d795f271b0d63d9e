"""Messages that wait to leave.

listing    the list, and the number in each view
opened     one message in full: its final form, its files, its events
lines      the line of one message: when it leaves and the reason that binds it
outlook    how much a sender can still send
forecasts  when a message being written would leave
"""
