"""What the pages of Settings show.

email_settings  a member's own sending
gmail           Gmail for the workspace: the switch and who is connected
team            who is in the workspace and asked to it
policies        the workspace's choices, by area
never_log       what is never logged, and what an entry would have kept out
account_traits  the traits of accounts, and what they say of one
unsubscribes    the offer to unsubscribe
"""
