"""Copies of messages, kept in step with Gmail: labels followed, deletions recorded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.domain.capture.smart_bcc import COPY
from backend.domain.ids import MailboxId
from backend.domain.sync.label_changes import LabelDelta, merged
from backend.store.like import in_list
from backend.store.models import MessageCopy


def relabel(
    session: Session, mailbox_id: MailboxId, deltas: Mapping[str, LabelDelta], *, follow: bool
) -> None:
    """Update the labels of stored copies (D-22)."""
    if not deltas:
        return
    query = select(MessageCopy.gmail_id, MessageCopy.labels).where(
        MessageCopy.mailbox_id == mailbox_id, in_list(MessageCopy.gmail_id, deltas)
    )
    changes = []
    for gmail_id, labels in session.execute(query):
        after = sorted(merged(labels, deltas[gmail_id], follow=follow))
        if after != sorted(labels):
            changes.append({"b_id": gmail_id, "b_labels": after})
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
