"""Readiness and metrics for an operator's probes, over all workspaces, without content."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.deps import Deps
from backend.domain.oauth import testing_mode
from backend.errors import StoreUnavailable
from backend.queries import alive
from backend.store import mailboxes
from backend.store.import_runs import AUDIT
from backend.store.migrations import head
from backend.store.models import Heartbeat, ImportRun, Mailbox, PendingMessage, ToFetch

TWO_DAYS = timedelta(days=2)
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Figure:
    """One gauge with its values by kind."""

    name: str
    help: str
    values: Mapping[str, float]


def not_ready(deps: Deps) -> list[str]:
    """Names of what is missing: postgres or migrations."""
    try:
        with deps.store.begin_global() as session:
            found = session.scalar(text("SELECT version_num FROM alembic_version"))
    except StoreUnavailable:
        return ["postgres"]
    return [] if found == head() else ["migrations"]


def ended_as_in_testing(deps: Deps) -> int:
    """How many mailboxes of the last month ended as those of a Google project in testing do."""
    with deps.store.begin_global() as session:
        ended = mailboxes.ended_by_google(session, deps.now() - A_MONTH)
    return sum(testing_mode.ended_as_in_testing(*one) for one in ended)


def figures(deps: Deps) -> list[Figure]:
    """Mailboxes and pending messages by state, messages to fetch, and the age of heartbeats."""
    silent = alive.silent(deps)
    with deps.store.begin_global() as session:
        beats = session.execute(select(Heartbeat.name, Heartbeat.beaten_at))
        return [
            Figure("rapport_mailboxes", "Mailboxes by state.", count(session, Mailbox.state)),
            Figure(
                "rapport_pending_messages",
                "Pending mail by state.",
                count(session, PendingMessage.state),
            ),
            Figure("rapport_to_fetch", "Messages to fetch by path.", count(session, ToFetch.path)),
            Figure(
                "rapport_imports_running",
                "Imports that have not ended, by kind.",
                count(session, ImportRun.kind, ImportRun.finished_at.is_(None)),
            ),
            Figure(
                "rapport_audited_messages",
                "Messages the audits of the last two days looked at, and those that were missing.",
                audited(session, deps.now() - TWO_DAYS),
            ),
            Figure(
                "rapport_processes_alive",
                "Whether a worker and a schedule were heard of within a minute.",
                {kind: float(kind not in silent) for kind in alive.needed(deps)},
            ),
            Figure(
                "rapport_heartbeat_age_seconds",
                "Seconds since a process was heard of.",
                {name: (deps.now() - at).total_seconds() for name, at in beats},
            ),
        ]


def audited(session: Session, since: datetime) -> Mapping[str, float]:
    """The completeness that audits found since then."""
    query = select(
        func.coalesce(func.sum(ImportRun.scanned), 0), func.coalesce(func.sum(ImportRun.missed), 0)
    ).where(ImportRun.kind == AUDIT, ImportRun.finished_at >= since)
    looked_at, missing = session.execute(query).one()
    return {"looked_at": float(looked_at), "missing": float(missing)}


def count(
    session: Session, column: InstrumentedAttribute[str], *where: ColumnElement[bool]
) -> Mapping[str, float]:
    """Row counts by the values of a column."""
    query = select(column, func.count()).where(*where).group_by(column)
    return {kind: float(number) for kind, number in session.execute(query)}
