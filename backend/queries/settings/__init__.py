"""What the pages of Settings show.

email_settings   a member's own sending
gmail            Gmail for the workspace: the switch and who is connected
"""
