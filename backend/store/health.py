"""What the health page counts: heartbeats, what was set aside, what is late, what is decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId
from backend.domain.sending.pending import PendingState
from backend.store.models import (
    Decision,
    Heartbeat,
    ImportRun,
    Mailbox,
    PendingMessage,
    Quarantine,
    ToFetch,
)

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


def decided_by_mailbox(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages of a few mailboxes have a decision."""
    query = (
        select(Decision.mailbox_id, func.count())
        .where(Decision.mailbox_id.in_(mailbox_ids))
        .group_by(Decision.mailbox_id)
    )
    return dict(session.execute(query).all())


def waiting_since(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, datetime]:
    """Since when the oldest message on each list of what is still to be fetched waits."""
    query = (
        select(ToFetch.mailbox_id, func.min(ToFetch.added_at))
        .where(ToFetch.mailbox_id.in_(mailbox_ids))
        .group_by(ToFetch.mailbox_id)
    )
    return dict(session.execute(query).all())


def last_comparisons(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, ImportRun]:
    """The last list of Gmail's own that was worked off to its end, for each of a few mailboxes."""
    query = (
        select(ImportRun)
        .where(
            ImportRun.mailbox_id.in_(mailbox_ids),
            ImportRun.finished_at.is_not(None),
            ImportRun.stopped_by.is_(None),
            ImportRun.error.is_(None),
        )
        .ext(distinct_on(ImportRun.mailbox_id))
        .order_by(ImportRun.mailbox_id, ImportRun.id.desc())
    )
    return {run.mailbox_id: run for run in session.scalars(query)}


def overdue(
    session: Session, mailbox_ids: Sequence[MailboxId], since: datetime
) -> Mapping[int, int]:
    """How many scheduled mails should have left a few mailboxes before then."""
    at = func.coalesce(PendingMessage.forecast_at, PendingMessage.not_before)
    query = (
        select(PendingMessage.mailbox_id, func.count())
        .where(
            PendingMessage.mailbox_id.in_(mailbox_ids),
            PendingMessage.state == PendingState.SCHEDULED,
            at < since,
        )
        .group_by(PendingMessage.mailbox_id)
    )
    return dict(session.execute(query).all())


def decided(session: Session) -> int:
    """How many messages were decided about, counted up to a number."""
    rows = select(Decision.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def waiting(session: Session) -> int:
    """How many messages are known and still to be fetched."""
    rows = select(ToFetch.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0
