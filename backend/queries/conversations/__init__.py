"""Conversations, each only as far as the reader may read it.

listing      the page of all of them, searched and narrowed
lines        the line of one conversation, as lists and histories show it
opened       one conversation with its messages and what is shown beside them
messages     one message: its people, files, log state and failures
answering    whom an answer goes to, and whom an answer to all
forwarded    the mail inside a forwarded one
changes      what members split and merged, in words
rearranging  what can be split off, and what can be merged
"""
