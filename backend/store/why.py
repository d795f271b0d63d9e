"""Finding decisions again: by Gmail's id, by Message-ID, or by the message we store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, MessageId
from backend.store.keyset import AnySelect
from backend.store.models import Decision, Mailbox, Message, MessageCopy

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


def message(session: Session, message_id: int) -> Message | None:
    """The stored message a decision led to."""
    return session.get(Message, message_id)


def holders(session: Session, message_id: int) -> set[int]:
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
