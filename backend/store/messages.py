"""One stored message with its body, and the people on a few messages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MessageId
from backend.store.models import (
    Message,
    MessageBody,
    Participant,
)


def message_with_body(
    session: Session, message_id: MessageId
) -> tuple[Message, MessageBody | None] | None:
    """One message with its body."""
    query = (
        select(Message, MessageBody)
        .outerjoin(MessageBody, MessageBody.message_id == Message.id)
        .where(Message.id == message_id)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def participants(
    session: Session, message_ids: Sequence[MessageId]
) -> Mapping[MessageId, list[Participant]]:
    """Everybody on a few messages, in header order."""
    query = (
        select(Participant)
        .where(Participant.message_id.in_(message_ids))
        .order_by(Participant.message_id, Participant.role, Participant.position)
    )
    found: dict[MessageId, list[Participant]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.message_id].append(row)
    return found
