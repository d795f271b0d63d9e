"""One Gmail account in several workspaces (D-28): who has it connected, and where it answers.

Global transactions: a workspace sees no row of another one. What comes out of here are ids.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import MailboxId, MailboxKey
from backend.store.mailboxes import keys
from backend.store.models import Mailbox, PendingMessage

LOCK = text("SELECT pg_advisory_xact_lock(4714, hashtext(:sub))")
"""The first number only names the purpose."""


def turn_to_connect(session: Session, google_sub: str) -> None:
    """Wait until nobody else connects this Google account; kept until the transaction ends."""
    session.execute(LOCK, {"sub": google_sub})


def connected(session: Session, google_sub: str) -> Sequence[MailboxKey]:
    """The mailboxes that this Google account is connected as, in all workspaces."""
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.google_sub == google_sub,
        Mailbox.connected_at.is_not(None),
        Mailbox.disconnected_at.is_(None),
    )
    return keys(session, query)


def threads_answered(
    session: Session, mailbox_id: MailboxId, thread_ids: Sequence[str], until: datetime
) -> frozenset[str] | None:
    """The threads of Gmail in which another workspace has sent from the same account; None when no
    other one has it connected.
    """
    here, other = aliased(Mailbox), aliased(Mailbox)
    boxes = (
        select(other.id)
        .join(here, here.google_sub == other.google_sub)
        .where(
            here.id == mailbox_id,
            other.workspace_id != here.workspace_id,
            other.connected_at.is_not(None),
            other.disconnected_at.is_(None),
        )
    )
    ids = session.scalars(boxes).all()
    if not ids:
        return None
    query = select(func.distinct(PendingMessage.sent_thread_id)).where(
        PendingMessage.mailbox_id.in_(ids),
        PendingMessage.sent_thread_id.in_(thread_ids),
        PendingMessage.sent_at <= until,
    )
    return frozenset(session.scalars(query))
