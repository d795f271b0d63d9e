"""Smart BCC: mail that is copied to an address of ours is logged, from any mail program.

Works without a connected mailbox (H-30). The addresses are in `addresses`.
"""
