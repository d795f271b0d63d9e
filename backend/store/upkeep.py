"""Periodic jobs claimed once for any number of schedulers, and heartbeats of processes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.clocks import TOLERATED
from backend.store.models import Heartbeat, ScheduleEntry

FORGET_AFTER = timedelta(days=1)


def claim_duty(session: Session, name: str, *, every: timedelta, now: datetime) -> bool:
    """Claim the job. Whether this process is the one to run it now."""
    statement = insert(ScheduleEntry).values(name=name, started_at=now)
    claimed = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"started_at": now},
        where=ScheduleEntry.started_at <= now - every,
    ).returning(ScheduleEntry.name)
    return session.scalar(claimed) is not None


def forget_future(session: Session, now: datetime) -> timedelta:
    """Make every job due that began in the future, and delete heartbeats from then. Returns by how
    much the clock was set back, if any exist.
    """
    later = delete(ScheduleEntry).where(ScheduleEntry.started_at > now + TOLERATED)
    session.execute(delete(Heartbeat).where(Heartbeat.beaten_at > now + TOLERATED))
    latest = max(session.scalars(later.returning(ScheduleEntry.started_at)), default=now)
    return latest - now


def beat(
    session: Session, name: str, role: str, now: datetime, *, ahead: timedelta = timedelta()
) -> None:
    """Record a heartbeat, and how far the machine's clock is `ahead`; delete those older than a
    day.
    """
    told = {"beaten_at": now, "clock_ahead": ahead.total_seconds()}
    statement = insert(Heartbeat).values(name=name, role=role, **told)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=told))
    session.execute(delete(Heartbeat).where(Heartbeat.beaten_at < now - FORGET_AFTER))


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """The heartbeats of the last day, latest first."""
    return session.scalars(select(Heartbeat).order_by(Heartbeat.beaten_at.desc())).all()
