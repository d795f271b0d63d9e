"""Pure card builders: summaries in, card JSON out.

Cards
panel              the card beside the open email, whichever it is
home               C-1, home
message            C-2, a known person
unknown            C-3, an unknown sender
task               C-9, the form of a new task
internal           C-5, an internal thread
never              C-6, a message that is never logged
forwarded          the author of a forwarded message
problem            C-14, a failure

Sections of a card
account_rows       account
assigned_rows      who a person is assigned to
doubles_rows       C-4, several contacts with one address
log_rows           whether this email is logged
mailbox_rows       the rep's mailbox
note_rows          quick note
pending_rows       what waits to leave
people_rows        everybody on the message
recent_rows        recent interactions
task_rows          open tasks
smart_bcc_rows     the Smart BCC address
waiting_rows       what waits for the rep
why                the link to "Why is it here?"

Shared
widgets            Google's widgets
clicks             onClick actions
calls              the addresses they call
button_parameters  their parameters
card_context       addresses, time, nonce
text               escaping and cutting
times              times in the reader's zone
"""
