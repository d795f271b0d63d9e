"""The message inside a forward, as its text claims: a suggestion, never the sender.

Looked for when somebody reads the message. Nothing is filed under the inner sender, and nothing
counts as their reply.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.cpu import within
from backend.domain.ids import ContactId, MessageId
from backend.domain.mail.forwards import Forward, forward_in
from backend.domain.mail.subjects import is_forward_subject
from backend.domain.summaries.mail import ForwardedLine
from backend.errors import TooCostly
from backend.store import contacts
from backend.store.models import Message, MessageBody
from backend.store.workspace_rules import team

JUDGING = 0.25
"""Seconds of CPU time for the text of one message."""

WHOLE_TEXT = 50_000
"""Characters of a text that are searched for a forwarded message."""


def forwarded_in(session: Session, rows: Sequence[Message]) -> Mapping[int, ForwardedLine]:
    """For each incoming message that forwards a message of somebody outside."""
    came_in = {row.id: row for row in rows if not row.outgoing}
    found = {
        message_id: forward
        for message_id, text in _whole_texts(session, list(came_in)).items()
        if (forward := _forward(came_in[message_id], text)) is not None
    }
    if not found:
        return {}
    ours = team(session)
    known = contacts.behind(session, [key for one in found.values() if (key := _key(one))])
    return {
        message_id: _line(forward, known.get(_key(forward)))
        for message_id, forward in found.items()
        if _key(forward) and not ours.owns(_key(forward))
    }


def _forward(row: Message, text: tuple[str, bool]) -> Forward | None:
    words, is_cut = text
    if not (is_cut or is_forward_subject(row.subject)):
        return None
    try:
        return within(JUDGING, lambda: forward_in(words, row.subject, answers=bool(row.references)))
    except TooCostly:
        return None


def _key(forward: Forward) -> str:
    return forward.sender.key if forward.sender else ""


def _line(forward: Forward, contact: int | None) -> ForwardedLine:
    sender = forward.sender
    return ForwardedLine(
        name=sender.name if sender else "",
        address=sender.address if sender else "",
        subject=forward.subject,
        date=forward.date,
        contact_id=ContactId(contact) if contact is not None else None,
    )


def _whole_texts(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[MessageId, tuple[str, bool]]:
    """The beginning of the whole text of a few messages, and whether the reply text is shorter."""
    query = select(
        MessageBody.message_id,
        func.left(MessageBody.text, WHOLE_TEXT),
        MessageBody.reply_text.is_not(None),
    ).where(MessageBody.message_id.in_(message_ids), MessageBody.redacted_at.is_(None))
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
