"""Copies of messages, kept in step with Gmail: labels followed, deletions recorded."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.domain.capture.smart_bcc import COPY
from backend.domain.ids import MailboxId
from backend.store.like import in_list
from backend.store.models import MessageCopy


def labels_of(
    session: Session, mailbox_id: MailboxId, gmail_ids: Collection[str]
) -> dict[str, Sequence[str]]:
    """The stored labels of some copies."""
    query = select(MessageCopy.gmail_id, MessageCopy.labels).where(
        MessageCopy.mailbox_id == mailbox_id, in_list(MessageCopy.gmail_id, gmail_ids)
    )
    return dict(session.execute(query).all())


def set_labels(
    session: Session, mailbox_id: MailboxId, labels: Mapping[str, Sequence[str]]
) -> None:
    """Store other labels of some copies."""
    changes = [{"b_id": one, "b_labels": list(after)} for one, after in labels.items()]
    if changes:
        session.connection().execute(
            update(MessageCopy.__table__)  # type: ignore[arg-type]
            .where(
                MessageCopy.mailbox_id == mailbox_id,
                MessageCopy.gmail_id == bindparam("b_id"),
            )
            .values(labels=bindparam("b_labels")),
            changes,
        )


def labels_since(
    session: Session, mailbox_id: MailboxId, since: datetime
) -> dict[str, frozenset[str]]:
    """The labels of the stored copies that Gmail accepted since then and has not deleted."""
    query = select(MessageCopy.gmail_id, MessageCopy.labels).where(
        MessageCopy.mailbox_id == mailbox_id,
        MessageCopy.internal_at >= since,
        MessageCopy.gmail_id.not_like(f"{COPY}%"),
        MessageCopy.deleted_at.is_(None),
    )
    return {gmail_id: frozenset(labels) for gmail_id, labels in session.execute(query)}


def bury(
    session: Session, mailbox_id: MailboxId, gmail_ids: Collection[str], now: datetime
) -> None:
    """Record that Gmail deleted copies. The message stays."""
    if gmail_ids:
        session.execute(
            update(MessageCopy)
            .where(
                MessageCopy.mailbox_id == mailbox_id,
                in_list(MessageCopy.gmail_id, gmail_ids),
                MessageCopy.deleted_at.is_(None),
            )
            .values(deleted_at=now)
        )
