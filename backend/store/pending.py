"""Scans over pending mail of all workspaces: whose time has come, and what is in doubt."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.sending.pending import IN_DOUBT, PendingState
from backend.store.models import Mailbox, PendingMessage

Keys = list[tuple[WorkspaceId, MailboxId]]

JUST_NOW = timedelta(seconds=15)
"""Covers a few sweeps, so that none misses it."""


def mailboxes_with_due_mail(session: Session, now: datetime) -> Keys:
    """Mailboxes with mail that may leave now. One that is to be looked at later is left out, unless
    another of its mails has just become ready. Asked of each mailbox for its first row in the
    index's order, so that thousands of due mails in one are not all read: asked whether there is
    any, Postgres would rather read the whole table once.
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
    return [(w, m) for w, m in session.execute(query)]


def mailboxes_with_doubts(session: Session, now: datetime) -> Keys:
    """Mailboxes with mail that may or may not have left and is to be looked for."""
    query = (
        select(PendingMessage.workspace_id, PendingMessage.mailbox_id)
        .where(
            PendingMessage.state.in_(list(IN_DOUBT)),
            PendingMessage.lease_until <= now,
        )
        .distinct()
    )
    return [(w, m) for w, m in session.execute(query)]
