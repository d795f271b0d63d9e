"""The mail inside a forwarded one, as its text claims: a suggestion, and never who wrote.

Separate because it is looked for when somebody reads the mail. Nothing is filed under the inner
sender, and nothing counts as their answer.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from backend.cpu import within
from backend.domain.ids import ContactId
from backend.domain.mail.forwards import Forward, forward_in
from backend.domain.mail.subjects import is_forward_subject
from backend.domain.summaries.mail import ForwardedLine
from backend.errors import TooCostly
from backend.store import contacts, conversation_views
from backend.store.capture.rules import team
from backend.store.models import Message

JUDGING = 0.25
"""Seconds of computing for the text of one mail."""


def forwarded_in(session: Session, rows: Sequence[Message]) -> Mapping[int, ForwardedLine]:
    """For each message that came in and forwards a mail of somebody who is not one of us."""
    came_in = {row.id: row for row in rows if not row.outgoing}
    found = {
        message_id: forward
        for message_id, text in conversation_views.whole_texts(session, list(came_in)).items()
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
