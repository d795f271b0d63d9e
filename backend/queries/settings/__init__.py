"""The pages of Settings.

email_settings  a member's own sending
gmail           Gmail for the workspace: the switch and who is connected
team            members, invitations, internal domains
policies        the workspace's choices, by area
never_log       the never-log lists, and what an entry would have kept out
account_traits  the traits of accounts, and their values
unsubscribes    the unsubscribe offer
"""
