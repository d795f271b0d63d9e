"""Periodic jobs claimed once for any number of schedulers, and heartbeats of processes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.clocks import TOLERATED
from backend.store.models import Heartbeat, ScheduleEntry

FORGET_AFTER = timedelta(days=1)


def due_duties(session: Session, every: Mapping[str, timedelta], now: datetime) -> Sequence[str]:
    """The jobs that have not begun within their interval, in their order. Claim one before it
    runs.
    """
    begun = dict(session.execute(select(ScheduleEntry.name, ScheduleEntry.started_at)).all())
    return [name for name, pause in every.items() if begun.get(name, now - pause) <= now - pause]


def claim_duty(session: Session, name: str, *, every: timedelta, now: datetime) -> bool:
    """Claim the job. Whether this process is the one to run it now. Writes nothing when it is not
    due: schedulers ask every second.
    """
    entry, due = ScheduleEntry, ScheduleEntry.started_at <= now - every
    fresh = select(literal(name, entry.name.type), literal(now, entry.started_at.type)).where(
        ~exists().where(entry.name == name, ~due)
    )
    claimed = (
        insert(entry)
        .from_select([entry.name, entry.started_at], fresh)
        .on_conflict_do_update(index_elements=["name"], set_={"started_at": now}, where=due)
    )
    return session.scalar(claimed.returning(entry.name)) is not None


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
