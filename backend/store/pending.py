"""Scans over pending mail of all workspaces: whose time has come, and what is in doubt."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.pending import IN_DOUBT, PendingState
from backend.store.models import Mailbox, PendingMessage

Keys = list[tuple[WorkspaceId, MailboxId]]


def mailboxes_with_due_mail(session: Session, now: datetime) -> Keys:
    """Mailboxes with mail that may leave now, unless the mailbox is to be looked at later."""
    ready = or_(Mailbox.send_look_at.is_(None), Mailbox.send_look_at <= now)
    query = (
        select(PendingMessage.workspace_id, PendingMessage.mailbox_id)
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .where(
            PendingMessage.state == PendingState.SCHEDULED.value,
            PendingMessage.not_before <= now,
            ready,
        )
        .distinct()
    )
    return [(WorkspaceId(w), MailboxId(m)) for w, m in session.execute(query)]


def mailboxes_with_doubts(session: Session, now: datetime) -> Keys:
    """Mailboxes with mail that may or may not have left and is to be looked for."""
    query = (
        select(PendingMessage.workspace_id, PendingMessage.mailbox_id)
        .where(
            PendingMessage.state.in_([state.value for state in IN_DOUBT]),
            PendingMessage.lease_until <= now,
        )
        .distinct()
    )
    return [(WorkspaceId(w), MailboxId(m)) for w, m in session.execute(query)]
