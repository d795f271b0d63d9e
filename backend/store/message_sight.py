"""Decides which messages of a conversation a member may read, one by one.

A conversation is spread over several mailboxes, each with a part of it: a recipient of its last
message may not thereby read the earlier ones.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.people.visibility import ORDER, Visibility
from backend.store.models import Conversation, LogEntry, Mailbox, Message, MessageCopy


def may_be_read(reader: MemberId, level: Visibility = Visibility.FULL) -> ColumnElement[bool]:
    """Whether a message is in the reader's own mailbox, or no mailbox restricts it.

    The conversation's visibility, for readers who have none of it, is checked before.
    """
    withheld = list(ORDER[: ORDER.index(level)])
    kept_back = _copied(Mailbox.sharing.in_(withheld))
    return _copied(Mailbox.owner_id == reader) | ~kept_back


def reads(session: Session, message_id: MessageId, reader: MemberId) -> bool:
    """Whether the reader may read this one."""
    query = select(Message.id).where(Message.id == message_id, may_be_read(reader))
    return session.scalar(query) is not None


def count_kept_back(session: Session, conversation_id: ConversationId, reader: MemberId) -> int:
    """How many messages in the timeline of a conversation the reader may not read."""
    query = select(func.count(Message.id)).where(
        Message.conversation_id == conversation_id, in_timeline(), ~may_be_read(reader)
    )
    return session.scalar(query) or 0


def titles_of(session: Session, ids: Sequence[int], reader: MemberId) -> Mapping[int, str]:
    """The titles of a few conversations for a reader: their own subject where a message that the
    reader may see has it, else that of the first such message.
    """
    if not ids:
        return {}
    query = (
        select(Message.conversation_id, Message.subject)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.conversation_id.in_(ids), may_be_read(reader, Visibility.SUBJECT))
        .ext(distinct_on(Message.conversation_id))
        .order_by(
            Message.conversation_id,
            (Message.subject == Conversation.subject).desc(),
            Message.sent_at,
            Message.id,
        )
    )
    return dict(session.execute(query).all())


def in_timeline() -> ColumnElement[bool]:
    """Whether nobody took the message out."""
    taken = select(LogEntry.message_id).where(
        LogEntry.message_id == Message.id, LogEntry.removed_at.is_not(None)
    )
    return ~taken.exists()


def _copied(where: ColumnElement[bool]) -> ColumnElement[bool]:
    copies = (
        select(MessageCopy.message_id)
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .where(MessageCopy.message_id == Message.id, where)
    )
    return copies.correlate(Message).exists()
