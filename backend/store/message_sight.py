"""Which mails of a conversation a member may read, asked of each mail by itself.

Separate because a conversation lies in several mailboxes of which each holds only a part: whoever
is on its last mail has not thereby read those before.
"""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.visibility import ORDER, Visibility
from backend.store.models import LogEntry, Mailbox, Message, MessageCopy


def may_be_read(reader: MemberId, level: Visibility = Visibility.FULL) -> ColumnElement[bool]:
    """That a mail is in the reader's own mailbox, or in none that keeps so much of it back.

    What was chosen for the conversation, for those who have none of it, is asked before.
    """
    withheld = list(ORDER[: ORDER.index(level)])
    kept_back = _copied(Mailbox.sharing.in_(withheld))
    return _copied(Mailbox.owner_id == reader) | ~kept_back


def reads(session: Session, message_id: MessageId, reader: MemberId) -> bool:
    """Whether the reader may read this one."""
    query = select(Message.id).where(Message.id == message_id, may_be_read(reader))
    return session.scalar(query) is not None


def count_kept_back(session: Session, conversation_id: ConversationId, reader: MemberId) -> int:
    """How many mails in the timeline of a conversation the reader may not read."""
    query = select(func.count(Message.id)).where(
        Message.conversation_id == conversation_id, in_timeline(), ~may_be_read(reader)
    )
    return session.scalar(query) or 0


def in_timeline() -> ColumnElement[bool]:
    """That nobody took the message out."""
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
