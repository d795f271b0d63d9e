"""Mail that waits to leave.

listing    the page of all of it, and its quick states
opened     one mail in full: as it will be read, its files, its history
lines      the line of one mail: when it leaves and the reason that binds it
outlook    how much room a sender has
forecasts  when a mail that is being written would leave
"""
