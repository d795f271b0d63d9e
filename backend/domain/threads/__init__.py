"""Threads: what makes two messages one, or parts of one conversation.

references   Message-ID, In-Reply-To, References (RFC 5322 §3.6.4)
ties         which ids may tie messages, and whether a tie holds
placing      which conversation each message of a batch joins, and which are one
rearranging  splitting and merging by hand
"""
