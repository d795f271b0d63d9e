"""Capture: whether a message is kept, left out or set aside, decided once for every path.

rule          the facts it takes, the outcomes it knows, and the one predicate
matching      whether a message belongs here, and which address decided
match_policy  the workspace's choices that matching reads
directory     who is known behind the addresses of a batch
participants  everybody known on a message, and the owner of the conversation
blocklist     the never-log list
list_sender   the author behind a list that rewrites From
late_match    earlier mail of a new contact
smart_bcc     addresses of Smart BCC; `smart_bcc_rule` decides on mail that came to one
sender_proof  whether From is proven (RFC 8601)
"""
