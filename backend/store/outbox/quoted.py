"""The earlier messages of a conversation that a reply quotes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId
from backend.store.message_sight import may_be_read
from backend.store.models import OWN_WORDS, Message, MessageBody


class EarlierMail(NamedTuple):
    """An earlier message, in its author's own words."""

    author: str
    sent_at: datetime
    text: str


def earlier_mails(
    session: Session,
    conversation_id: ConversationId,
    *,
    reader: MemberId,
    until: datetime,
    most: int,
) -> Sequence[EarlierMail]:
    """The messages up to the one replied to that its author may read, newest first."""
    query = (
        select(Message, OWN_WORDS)
        .join(MessageBody, MessageBody.message_id == Message.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.sent_at <= until,
            may_be_read(reader),
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    return [
        EarlierMail(message.sender_name or message.sender_address, message.sent_at, text)
        for message, text in session.execute(query)
    ]
