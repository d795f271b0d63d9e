"""Opens a file of received mail: for everybody who may read the message, from any mailbox that has
it.

The file is not stored here: it is read from Gmail on request. Only files of mail that came by Smart
BCC and is in no mailbox are read from its original, which is kept for them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MessageId
from backend.domain.mail.mime.opening import INSIDE, file_inside, file_of
from backend.domain.people.actor import Actor
from backend.domain.writing.attachments import harmless_type, name_of
from backend.errors import MailboxTrouble, MessageGone, NotFound, RapportError
from backend.google.apis import Access
from backend.google.compose import clean_name
from backend.rate_limit import pacer
from backend.store import credentials, inbound_mails, received_files
from backend.store.conversation_access import readable_message
from backend.store.messages import message_with_body
from backend.store.models import Attachment, Message
from backend.store.received_files import Place

UNITS = 40
"""Quota units: the message, since its attachment ids are good for one use, and the file."""

PATIENCE = timedelta(seconds=3)
"""Somebody waits for it, so it does not let an import pass for long."""

NOWHERE = (
    "No connected mailbox has this email any more, so its files can't be opened from here. "
    "People who have it can open them in Gmail."
)
NO_MESSAGE = "There is no such message for you to read."


@dataclass(frozen=True)
class OpenFile:
    """A file that is being read. `pieces` raises TryLater when Gmail's answer is cut short."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


def open_file(deps: Deps, actor: Actor, *, message_id: MessageId, part_id: str) -> OpenFile:
    """One file of a message. Raises NotFound for everybody who may not read the message, and when
    no mailbox has the file any more; TryLater when Gmail can't be reached.
    """
    with deps.store.begin(actor.workspace_id) as session:
        require_message(actor, session, message_id)
        files = received_files.of_message(session, message_id)
        file = next((one for one in files if one.part_id == part_id), None)
        if file is None:
            raise NotFound("There is no such file on this email.")
        places = received_files.places(session, message_id, actor.member_id)
        kept = inbound_mails.original_of(session, message_id)
    name = shown_name(file)
    outer, inside, _ = part_id.partition(INSIDE)
    try:
        pieces = _read(deps, places, outer)
    except RapportError:
        if kept is None:
            raise
        pieces = _of_original(deps, actor, kept, outer)
    return OpenFile(name, harmless_type(name), _inside(pieces, part_id) if inside else pieces)


def require_message(actor: Actor, session: Session, message_id: MessageId) -> Message:
    """The message, if the actor may read it. Raises NotFound."""
    found = message_with_body(session, message_id)
    if found is None:
        raise NotFound(NO_MESSAGE)
    message, _ = found
    thread = message.conversation_id
    if not readable_message(actor, session, thread, message_id):
        raise NotFound(NO_MESSAGE)
    return message


def shown_name(file: Attachment) -> str:
    """The name under which a file is saved: one line, no folders, never empty."""
    return clean_name(name_of(file.filename, file.content_type))


def _inside(pieces: Iterator[bytes], part_id: str) -> Iterator[bytes]:
    """A file inside another one: a signed message, or Outlook's own format."""
    found = file_inside(b"".join(pieces), part_id)
    if found is None:
        raise NotFound("This file is not inside of the email's file any more.")
    return iter([found])


def _of_original(deps: Deps, actor: Actor, mail_id: int, part_id: str) -> Iterator[bytes]:
    """The content from a message that came by Smart BCC, whose bytes are kept for that."""
    with deps.store.begin(actor.workspace_id) as session:
        raw = inbound_mails.content(session, mail_id)
    found = file_of(raw, part_id)
    if found is None:
        raise NotFound("There is no such file on this email.")
    return iter([found])


def _read(deps: Deps, places: Sequence[Place], part_id: str) -> Iterator[bytes]:
    """The content from the first mailbox that has it."""
    trouble: RapportError = NotFound(NOWHERE)
    for place in places:
        try:
            token = deps.sealer.open(
                place.sealed_token, context=credentials.context(place.mailbox_id)
            )
            pacer(deps, place.mailbox_id, patience=PATIENCE)(UNITS)
            files = deps.google.files(Access(place.mailbox_id, token))
            return files.open(place.gmail_id, part_id)
        except (MessageGone, MailboxTrouble):
            continue
        except RapportError as error:
            trouble = error
    raise trouble
