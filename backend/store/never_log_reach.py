"""Mail of the last weeks with its people: what a never-log entry would have kept out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.store.message_sight import in_timeline
from backend.store.models import Conversation, Mailbox, Message, MessageCopy, Participant

BLOCK = 2_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class RecentMail:
    """A stored message; `people` are role and address of everybody on it."""

    message_id: MessageId
    conversation_id: ConversationId
    subject: str
    sender: str
    sent_at: datetime
    people: Sequence[tuple[str, str]]


def recent_mail(
    session: Session, *, since: datetime, owner: MemberId | None, most: int
) -> Iterator[RecentMail]:
    """The newest messages in the timeline, at most so many: of everybody, or of a member's mailbox.

    Conversations are looked through in the order in which they are indexed, newest first.
    """
    people = (
        select(func.json_agg(func.json_build_array(Participant.role, Participant.address)))
        .where(Participant.message_id == Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    query = (
        select(
            Message.id,
            Message.conversation_id,
            Message.subject,
            func.coalesce(func.nullif(Message.sender_name, ""), Message.sender_address),
            Message.sent_at,
            people,
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.last_message_at >= since, Message.sent_at >= since, in_timeline())
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc(), Message.id.desc())
        .limit(most)
    )
    if owner is not None:
        copy = select(MessageCopy.message_id).join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        copy = copy.where(MessageCopy.message_id == Message.id, Mailbox.owner_id == owner)
        query = query.where(copy.correlate(Message).exists())
    for row in session.execute(query.execution_options(yield_per=BLOCK)):
        message_id, conversation_id, subject, sender, sent_at, on_it = row
        yield RecentMail(
            message_id=MessageId(message_id),
            conversation_id=ConversationId(conversation_id),
            subject=subject,
            sender=sender,
            sent_at=sent_at,
            people=[(role, address) for role, address in on_it or ()],
        )
