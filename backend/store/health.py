"""What the health page counts: heartbeats, what was set aside, and how much has been decided."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.store.models import Decision, Heartbeat, Mailbox, Quarantine, ToFetch

COUNTED = 100_000
"""Decisions counted exactly; beyond it Postgres's own estimate is good enough."""

MOST = 200


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Every process that has reported, the latest first. Needs a global transaction."""
    query = select(Heartbeat).order_by(Heartbeat.beaten_at.desc()).limit(MOST)
    return session.scalars(query).all()


def database_version(session: Session) -> str:
    """The version of Postgres, which also shows that it answers."""
    return str(session.scalar(text("SHOW server_version")) or "")


def set_aside(session: Session, owner: MemberId | None) -> Sequence[tuple[str, str, int]]:
    """Quarantined messages as mailbox, reason and count; only one owner's if named."""
    query = (
        select(Mailbox.email, Quarantine.reason, func.count().label("count"))
        .join(Mailbox, Mailbox.id == Quarantine.mailbox_id)
        .group_by(Mailbox.email, Quarantine.reason)
        .order_by(Mailbox.email)
        .limit(MOST)
    )
    if owner is not None:
        query = query.where(Mailbox.owner_id == owner)
    return list(session.execute(query))


def decided(session: Session) -> int:
    """How many messages were decided about, counted up to a number."""
    rows = select(Decision.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def waiting(session: Session) -> int:
    """How many messages are known and still to be fetched."""
    rows = select(ToFetch.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0
