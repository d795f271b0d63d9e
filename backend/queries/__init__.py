"""Reads: one module for each noun of a page. Nothing here writes.

A module holds the query beside its mapping to `domain/summaries`, so that a question about a page
has one file. Services import nothing from here, and nothing here imports services.

panel              the card beside the open email
home               the rep's day (C-1)
conversations      list, one conversation, its messages
pending            messages that wait to leave
histories          the timeline of an account or contact
accounts           list and page
contacts           list, page, suggestions
tasks              tasks as a list, a page, a section of other pages
contact_summary    one contact as it is shown, from the row of any statement
customer_lists     uploaded CSV files
exports            whole lists for a file
mailboxes          connections and imports
settings           the pages of Settings
smart_bcc          a member's Smart BCC addresses
unmatched          people on left-out mail, read from Gmail
stopped_addresses  suppressed addresses
coverage           which members are connected, and what is missing
why                the decisions about one message (N2)
audit_log          who did what
health             parts, mailboxes, failures
alive              processes without a recent heartbeat
metrics            readiness and figures for monitoring
setup              first steps of a workspace; every step of the set-up
installation_checks  parts of the installation and requests from Google, checked
chrome             what every page shows: mailbox state, counts
keyset             keyset pagination
recency            filters by age
"""
