"""Finding decisions again: by Gmail's id, by Message-ID, by person, or by the message we store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.ids import MailboxId, MemberId, MessageId
from backend.store.keyset import AnySelect
from backend.store.message_sight import may_be_read
from backend.store.models import (
    ConversationContact,
    Decision,
    LeftOutPerson,
    Mailbox,
    Message,
    MessageCopy,
)

MOST = 100


def by_gmail_id(session: Session, gmail_id: str, owner: MemberId | None) -> Sequence[Row[Any]]:
    """Decisions about Gmail's message in any mailbox, or in one member's. Rows: Decision, email."""
    return _rows(session, _decisions(owner).where(Decision.gmail_id == gmail_id))


def by_rfc_hash(session: Session, rfc_hash: bytes, owner: MemberId | None) -> Sequence[Row[Any]]:
    """Decisions about a Message-ID, given as its keyed hash."""
    return _rows(session, _decisions(owner).where(Decision.rfc_hash == rfc_hash))


def by_message(
    session: Session, message_id: MessageId, owner: MemberId | None
) -> Sequence[Row[Any]]:
    """Decisions about a message we store."""
    return _rows(session, _decisions(owner).where(Decision.message_id == message_id))


def by_rfc_id(session: Session, rfc_id: str, owner: MemberId | None) -> Sequence[Row[Any]]:
    """Decisions about stored messages with this Message-ID."""
    stored = select(Message.id).where(Message.rfc_id == rfc_id)
    return _rows(session, _decisions(owner).where(Decision.message_id.in_(stored)))


def left_out_unread(session: Session, mailbox_id: MailboxId, most: int) -> Sequence[str]:
    """Gmail's ids of the latest mails that a label left out before anybody read them."""
    query = (
        select(Decision.gmail_id)
        .where(
            Decision.mailbox_id == mailbox_id,
            Decision.rule == Rule.LABELS,
            Decision.rfc_hash.is_(None),
        )
        .order_by(Decision.decided_at.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def left_out_of(session: Session, person_hash: bytes, owner: MemberId | None) -> Sequence[Row[Any]]:
    """Decisions about mail that was left out and has this person on it."""
    on_it = and_(
        LeftOutPerson.mailbox_id == Decision.mailbox_id, LeftOutPerson.gmail_id == Decision.gmail_id
    )
    query = _decisions(owner).join(LeftOutPerson, on_it)
    return _rows(session, query.where(LeftOutPerson.person_hash == person_hash))


def mails_of(
    session: Session, conversations: Sequence[int], reader: MemberId, most: int
) -> Sequence[Message]:
    """The newest mails of these conversations that the reader may read."""
    query = (
        select(Message)
        .where(Message.conversation_id.in_(conversations), may_be_read(reader))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def conversations_with(session: Session, contacts: Sequence[int], most: int) -> list[int]:
    """The latest conversations that these contacts are on."""
    query = (
        select(ConversationContact.conversation_id)
        .where(ConversationContact.contact_id.in_(contacts))
        .order_by(ConversationContact.last_message_at.desc())
        .limit(most)
    )
    return list(dict.fromkeys(session.scalars(query)))


def message(session: Session, message_id: MessageId) -> Message | None:
    """The stored message a decision led to."""
    return session.get(Message, message_id)


def holders(session: Session, message_id: MessageId) -> set[int]:
    """The owners of the mailboxes that hold a message."""
    query = (
        select(Mailbox.owner_id)
        .join(MessageCopy, MessageCopy.mailbox_id == Mailbox.id)
        .where(MessageCopy.message_id == message_id)
    )
    return {owner for owner in session.scalars(query) if owner is not None}


def _decisions(owner: MemberId | None) -> Select[Decision, str]:
    query = select(Decision, Mailbox.email).join(Mailbox, Mailbox.id == Decision.mailbox_id)
    return query if owner is None else query.where(Mailbox.owner_id == owner)


def _rows(session: Session, query: AnySelect) -> Sequence[Row[Any]]:
    return session.execute(query.order_by(Decision.decided_at.desc()).limit(MOST)).all()
