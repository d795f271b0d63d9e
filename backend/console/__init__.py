"""The web console: routes by noun. Pages are in `templates/`, the front end's files in `static/`.

Pages
home             what waits for the reader
conversations    list, one conversation
rearranging      split and merge
notes            notes: edited, pinned, deleted
tasks            tasks of members: list, page, forms
timeline         take a message out, put it back
received_files   files of received mail
composing        a reply, or the first message of a conversation
forwarding       forwards
pending          messages that wait, and what may be done to them
queued           the notice after queueing, with undo
accounts         list, page
contacts         list, page
contact_edits    forms of a contact
unmatched        people who are no contacts yet
account_traits   attributes of accounts
customer_lists   Import customers: upload, columns, check, run, undo
exports          lists as files
imports          mailbox imports
mailbox          connects and disconnects one's mailbox
connect          the same in the window the panel opens
add_address      adds an address, or moves to another
email_settings   limits, windows, own copy, signature
shared_mailboxes addresses that several people answer
email_templates  branded templates
smart_bcc        addresses, held mail
suppressions     stopped addresses
unsubscribes     the offer, and the page behind its link
never_log        never-log lists
policies         the workspace's choices
integrations     the Gmail switch
team             members, roles, domains
workspaces       the reader's workspaces
coverage         which members are connected
why              why a message is here, or not
audit_log        who did what; signed-in browsers
health           parts, mailboxes, failures
setup            the steps at Google
public_pages     privacy, terms and support, without sign-in
first_steps      what a new admin does next
first_run        the first workspace
signin           sign-in with Google
help_pages       help, and whether it helped
help_topics      its text
help_customers   its text on customer lists
help_work        help on tasks and notes
help_topic       the shape of a help page

Parts of a form or a page
mail_form        the form of a message
written          keeps typed text across a redirect
addressing       notices about recipients
forecasts        when a message would leave
record_forms     forms that edit a record
labels           words and colours of states
flash            toasts and notes
times            times and numbers in the reader's zone
time_zone        the reader's zone
navigation       every page and its names
quick_jump       search for pages, people, mail

Below every page
blueprint_setup  puts the console together
blueprints       login and CSRF for each group of routes
context          the request's dependencies, member and zone
request_parsing  query parameters and form fields
requests         bounds and decoding of requests
sessions         server-side sessions
visiting         rate limits for visitors
headers          security headers
error_pages      errors as pages
templating       what templates may use
helpers          functions of templates
framing          foreign HTML in sandboxed frames
downloading      downloads
csv_files        CSV, streamed
assets           static files
vendor           fetches the front end's libraries
"""
