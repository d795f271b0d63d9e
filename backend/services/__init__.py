"""Commands: one module or package for each thing the product does. Edges call these.

Mail in
capture              every message into the store: gather facts, decide, apply
importing            first import, live sync, resync, audit
smart_bcc            mail copied to an address of ours
late_matching        earlier mail of a new contact (D-5)
unmatched            unmatched people: added, ignored
enclosed             the author of an attached message, read from Gmail

Mail out
composing            a message is written, queued, changed
planning             computes when each pending message leaves
transitions          moves a pending message between its states
replanning           recomputes it after a policy change
sending              claims what is due; exactly one POST
reconciling          finds out in Sent mail whether a doubtful message left
unsubscribes         the recipient's link
subscriptions        the same choice by hand, for several contacts
suppressing          frees a suppressed address

The panel and the timeline
logging_mail         logs the open email, and takes it out again
creating_contacts    makes a contact of an unknown sender (D-4)
contact_preference   which of several contacts with one address is meant
assigning            who looks after a contact (D-19)
notes                notes about accounts and people
tasks                tasks of members: created, completed, postponed
timeline             takes a stored message out, puts it back
rearranging          splits and merges conversations
redacting            removes texts after a disconnect
received_files       opens a file of received mail

Customers
accounts             accounts edited by hand
contacts             contacts edited by hand
editing              the edit both share: check, merge, write, undo
customer_lists       CSV files to accounts and contacts
exporting            audits that a list was taken out

Mailboxes and members
connecting           connects and disconnects a Gmail mailbox
troubles             what an error of Google's means for a mailbox
other_accounts       a member's address under another Google account
settings             policies, limits, windows, team, the never-log list
signing_in           sign-in, and the member behind an add-on request
oauth_flow           the redirect to Google and the callback
web_sessions         sessions of the browser
signed_in            lists and ends them
belonging            the workspaces of one Google account
mailing_invitations  invitations sent by mail
reminding            reminders sent by mail
impersonating        an admin logged in as another member (D-34)
invitee_files        the CSV file of an invitation list
leaving              a member leaves the team
help_votes           whether a help page helped

Installation
founding             a new workspace
seeding              the example company
scheduler            periodic jobs
client_check         asks Google whether it accepts our OAuth client
evidence             remembers that requests from Google arrived
setup_checks         tests Google, push and the domain's mail records; confirmations by hand
mailing_steps        the admin's steps, sent by mail
lease_renewal        renews leases while work runs
sweeping             deletes expired sessions and OAuth attempts
rotating             re-encrypts with the newest key
mending              repairs times after a clock was set back
"""
