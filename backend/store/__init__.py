"""Postgres: sessions bound to one workspace, models, and statements by aggregate. Decides nothing.

The database itself
session              transactions under row-level security
asking               several statements in one round trip
statements           hot SQL with a declared type of answer; text in `sql/`
bulk                 many rows in one statement
like                 search text as LIKE patterns
row_security         the policies, for migrations
sealing              encryption at rest, keyed hashes
hash_key             the key of those hashes
resealing            what is still encrypted with an old key
models               the tables
migrations           schema changes

Mail in
fetching             the list of what to fetch: claim, count attempts, settle
polling              when a mailbox is polled next
import_runs          imports, resyncs, audits
workspace_rules      what capture reads of the workspace, once a batch
capture_facts        what is known around a batch of incoming mail
decided              what is decided already about message ids
decisions            decision rows, and their change by a click
filing               the one statement that stores a batch
filing_links         links to people, and when they were heard from
unfiling             a message out of the timeline, and back
log_entries          whether a message is in the timeline, and by whom
copies               labels and deletions of a mailbox's copies
late_matches         mail left out before its sender was a contact
unmatched            people on left-out mail, by hash
inbound_mails        Smart BCC mail: stored, claimed, settled
capture_addresses    Smart BCC addresses

Conversations
messages             stored messages and their participants
message_sight        which messages a member may read
conversation_access  which conversations, and how much
rearranging          messages moved by hand
absorbing            one conversation merged into another
recounting           recomputes a conversation's counts and people
redacting            content removed after a disconnect
received_files       files of received mail

Mail out
outbox               pending messages: claim, plan, move between states
pending              scans over all workspaces: due, doubtful
pending_access       one pending message, and who may read it
pending_files        its files
send_leases          one sender per mailbox
suppressions         suppressed addresses
subscriptions        unsubscribes
failures             undelivered mail as people see it

People and customers
accounts             by domain, by name
account_traits       their own attributes
contacts             by address
edits                edits by hand, and their undo
people_import        a CSV batch to accounts and contacts
list_journal         what a batch wrote, to undo it
customer_lists       uploaded files and their state
notes                notes
tasks                tasks, and comments on them
help_votes           votes on help pages

Workspace and members
workspaces           tenants
choices              policies, switches, internal domains, never-log entries
team                 members found by identity
team_rows            members changed
invitations          pending and answered
handing_over         what a leaving member owns
shared_mailboxes     who may write from one, and templates
mailboxes            connections, leases, cursors
elsewhere            one Gmail account in several workspaces
credentials          refresh tokens
aliases              a mailbox's further addresses
alias_rows           one alias by its address

Installation
attempts             OAuth attempts
consent_counts       how OAuth attempts ended, by day
evidence             requests from Google that arrived; panel use
setup_results        results of setup tests, their progress, confirmations
web_sessions         sessions of browsers
setup_codes          codes for the first run
clicks               nonces of clicks: each applied once
audit                the audit log
upkeep               periodic jobs claimed once; heartbeats
mending              times too late after a clock was set back
"""
