"""Reads who wrote a message attached to another, as its header claims: from Gmail on request, and
never filed as theirs.
"""

from typing import NamedTuple

from backend.cpu import within
from backend.deps import Deps
from backend.domain.ids import ContactId, MessageId
from backend.domain.mail.message import NamedAddress
from backend.domain.mail.parse import parse_message
from backend.domain.people.actor import Actor
from backend.errors import NotFound, TooCostly
from backend.services.received_files import open_file
from backend.store import contacts

HEAD = 65_536
"""Bytes that usually contain a message's whole header."""

JUDGING = 0.25
"""Seconds of CPU time for it."""

NOBODY = "This file names nobody who wrote it. Open the file to see what it holds."


class Enclosed(NamedTuple):
    """Who wrote the attached message, and their contact if any."""

    sender: NamedAddress
    contact_id: ContactId | None


def enclosed_sender(deps: Deps, actor: Actor, *, message_id: MessageId, part_id: str) -> Enclosed:
    """Who wrote the message in a file. Raises NotFound for a reader who may not read it and when it
    names nobody; TryLater when Gmail can't be reached.
    """
    head = b""
    for piece in open_file(deps, actor, message_id=message_id, part_id=part_id).pieces:
        head += piece
        if len(head) >= HEAD:
            break
    try:
        sender = within(JUDGING, lambda: parse_message(head[:HEAD])).sender
    except TooCostly as error:
        raise NotFound(NOBODY) from error
    if sender is None or not sender.key:
        raise NotFound(NOBODY)
    with deps.store.begin(actor.workspace_id) as session:
        return Enclosed(sender, contacts.behind(session, [sender.key]).get(sender.key))
