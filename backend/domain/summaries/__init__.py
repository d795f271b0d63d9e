"""The one read model: cards, console and API render these, so that they cannot disagree.

Queries fill them; nothing here knows rows, JSON or HTML. Times are aware UTC; the renderer turns
them into the reader's zone. Sentences are ready to be shown.

panel           the cards beside the open email
mail            conversations and messages
log_state       whether a message is logged
pending         messages that wait
timeline        entries of a history
people          accounts and contacts
edits           edits by hand
tasks           tasks of members
customer_lists  uploaded files
mailbox         mailboxes and imports
shared          shared mailboxes, templates, whom one may write as
smart_bcc       Smart BCC addresses
administration  settings pages
belonging       workspaces of a Google account
coverage        which members are connected
unmatched       people who are no contacts yet
rearranging     splits and merges
why             decisions about a message
audit           the audit log
health          parts and failures
setup           steps at Google
first_steps     what a new admin does next
chrome          what every page shows
"""
