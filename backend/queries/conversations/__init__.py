"""Conversations, limited to what the reader may read.

listing      the list: search and filters
lines        the line of one conversation, in lists and histories
opened       one conversation with its messages
messages     one message: its people, files, log state and failures
answering    recipients of a reply, and of a reply to all
forwarded    the message inside a forward
changes      splits and merges, in words
rearranging  what can be split off, and what can be merged
"""
