"""Forwards a message with its files to contacts or colleagues, as the first message of a new
conversation, so that the recipients do not appear in the original one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MessageId, PendingId
from backend.domain.mail.subjects import forward_subject
from backend.domain.people.actor import Actor
from backend.domain.writing.attachments import size_in_words
from backend.domain.writing.quoting import FORWARDED, written
from backend.errors import InputError, NotFound
from backend.services.composing.draft import MOST_TEXT, Draft
from backend.services.composing.files import NewFile, wrong_files
from backend.services.composing.rows import Origin
from backend.services.composing.writing import queue
from backend.services.received_files import open_file, require_message, shown_name
from backend.store import received_files
from backend.store.messages import message_with_body, participants
from backend.store.models import Attachment, Message, MessageBody, Participant
from backend.store.workspace_rules import policies

CUT = "[The rest is in the original.]"
REFUSED = "The email was not queued. Correct the marked fields."
NOT_THERE = "A chosen file is not on the email any more. Look at those that are, and send it."


@dataclass(frozen=True)
class ForwardedFile:
    """A file of the message, by its part id, with its size in words."""

    part_id: str
    name: str
    size: str


@dataclass(frozen=True)
class Forwarding:
    """The contents of the form of a forward."""

    subject: str
    body_text: str
    files: tuple[ForwardedFile, ...]


def forwarding(deps: Deps, actor: Actor, message_id: MessageId) -> Forwarding:
    """A message as it would be forwarded. Raises NotFound for a member who may not read it."""
    with deps.store.begin(actor.workspace_id) as session:
        message = require_message(actor, session, message_id)
        found = message_with_body(session, message_id)
        people = participants(session, [message.id]).get(message.id, [])
        files = received_files.of_message(session, message_id)
        return Forwarding(
            forward_subject(message.subject),
            _as_text(message, people, found[1] if found else None, actor.time_zone),
            tuple(
                ForwardedFile(one.part_id, shown_name(one), size_in_words(one.size))
                for one in files
            ),
        )


def forward(
    deps: Deps,
    actor: Actor,
    *,
    message_id: MessageId,
    parts: Collection[str],
    draft: Draft,
    nonce: str,
) -> PendingId:
    """Queue the forward with the files named by part id. They are read from Gmail before anything
    is stored. Raises InputError, NotFound or TryLater.
    """
    with deps.store.begin(actor.workspace_id) as session:
        require_message(actor, session, message_id)
        files = received_files.of_message(session, message_id)
        wanted = [one for one in files if one.part_id in parts]
        if len(wanted) < len(set(parts)):
            raise InputError(REFUSED, {"files": NOT_THERE})
        _require_room(session, draft, wanted)
    read = [_read(deps, actor, message_id, one) for one in wanted]
    changes = replace(draft.files, added=[*read, *draft.files.added])
    whole = replace(draft, files=changes)
    with deps.store.begin(actor.workspace_id) as session:
        return queue(session, deps, actor, whole, Origin(nonce=nonce, passes_on=True))


def _require_room(session: Session, draft: Draft, wanted: Sequence[Attachment]) -> None:
    """Check the size limits before megabytes are read in vain."""
    wrong = wrong_files(
        draft.files,
        [one.size for one in wanted],
        text=draft.body_text,
        most_mb=policies(session).max_attachment_mb,
    )
    if wrong:
        raise InputError(REFUSED, wrong)


def _read(deps: Deps, actor: Actor, message_id: MessageId, file: Attachment) -> NewFile:
    """One file from Gmail. Raises InputError when Gmail no longer has it, so that the message can
    go without it.
    """
    try:
        found = open_file(deps, actor, message_id=message_id, part_id=file.part_id)
    except NotFound as error:
        name = shown_name(file)
        raise InputError(REFUSED, {"files": f"Take “{name}” off. {error.sentence}"}) from error
    return NewFile(found.name, b"".join(found.pieces))


def _as_text(
    message: Message, people: Sequence[Participant], body: MessageBody | None, zone: str
) -> str:
    """The message below space for one's own words, as mail programs write it."""
    sender = f"{message.sender_name} <{message.sender_address}>".strip()
    lines = [
        FORWARDED,
        f"From: {sender}",
        f"Date: {written(message.sent_at, zone)}",
        f"Subject: {message.subject}",
    ]
    for role in ("to", "cc"):
        named = [f"{one.name} <{one.address}>".strip() for one in people if one.role == role]
        lines += [f"{role.capitalize()}: {', '.join(named)}"] if named else []
    text = body.text if body and body.redacted_at is None else ""
    head = "\n\n\n" + "\n".join(lines) + "\n\n"
    room = MOST_TEXT // 2 - len(head)
    return head + (text if len(text) <= room else f"{text[:room]}\n{CUT}")
