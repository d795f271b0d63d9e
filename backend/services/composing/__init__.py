"""Composing: a message becomes a pending row that everybody can see and change.

Nothing here sends. A change is refused when the row has left, is leaving, or was changed by
somebody else since it was shown (its version).

writing            a new message: a reply, or the first of a conversation
draft              checks what was written, field by field
spreading          one message to several people, or one each
recipient_notices  warnings while the author writes
files              files: cleaned, counted, measured
forwarding         forwards a message with its files
sender             which mailbox a message leaves from
rows               inserts pending rows
changing           edit, reschedule, send now, release, cancel
recalling          undo send
"""

from backend.services.composing.changing import (
    cancel,
    change_sender,
    edit,
    release,
    reschedule,
    send_now,
    sender_choices,
    take_back,
)
from backend.services.composing.draft import Draft
from backend.services.composing.files import FileChanges, NewFile
from backend.services.composing.forwarding import Forwarding, forward, forwarding
from backend.services.composing.writing import (
    count_queued,
    look_at_recipients,
    reply,
    start,
    start_among_us,
)

__all__ = [
    "Draft",
    "FileChanges",
    "Forwarding",
    "NewFile",
    "cancel",
    "change_sender",
    "count_queued",
    "edit",
    "forward",
    "forwarding",
    "look_at_recipients",
    "release",
    "reply",
    "reschedule",
    "send_now",
    "sender_choices",
    "start",
    "start_among_us",
    "take_back",
]
