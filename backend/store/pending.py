"""Scans over pending messages of all workspaces: due ones, and doubtful ones."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxKey
from backend.domain.sending.pending import IN_DOUBT, PendingState
from backend.store.models import Mailbox, PendingMessage

Keys = list[MailboxKey]

JUST_NOW = timedelta(seconds=15)
"""Covers a few sweeps, so that none misses it."""


def mailboxes_with_due_mail(session: Session, now: datetime) -> Keys:
    """Mailboxes with messages that may leave now. One that is paused is left out, unless another of
    its messages has just become ready. Asks each mailbox for its first row in index order, so that
    thousands of due messages in one are not all read: for an EXISTS, Postgres would rather scan the
    whole table once.
    """
    due = (
        select(PendingMessage.id)
        .where(
            PendingMessage.mailbox_id == Mailbox.id,
            PendingMessage.state == PendingState.SCHEDULED,
            PendingMessage.not_before <= now,
        )
        .order_by(PendingMessage.not_before)
        .limit(1)
        .offset(0)
    )
    looked_at = or_(Mailbox.send_look_at.is_(None), Mailbox.send_look_at <= now)
    just_ready = due.where(PendingMessage.not_before > now - JUST_NOW).exists()
    query = select(Mailbox.workspace_id, Mailbox.id).where(due.exists(), looked_at | just_ready)
    return [MailboxKey(*row) for row in session.execute(query)]


def mailboxes_with_doubts(session: Session, now: datetime) -> Keys:
    """Mailboxes with messages that may or may not have left and are due for a look."""
    query = (
        select(PendingMessage.workspace_id, PendingMessage.mailbox_id)
        .where(
            PendingMessage.state.in_(list(IN_DOUBT)),
            PendingMessage.lease_until <= now,
        )
        .distinct()
    )
    return [MailboxKey(*row) for row in session.execute(query)]
