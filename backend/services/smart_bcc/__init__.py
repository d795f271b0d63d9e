"""Smart BCC: mail copied to an address of ours is logged, from any mail program (H-30).

receiving  stores what arrives before LMTP answers
filing     reads it, judges its sender, captures it
people     makes contacts of its recipients
waiting    what the owner decides about held mail
addresses  replaces a leaked address
"""
