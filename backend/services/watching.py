"""Readiness and figures: what an operator's probes ask, over all workspaces, without content."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.errors import StoreUnavailable
from backend.services.deps import Deps
from backend.store.migrations import head
from backend.store.models import Heartbeat, ImportRun, Mailbox, PendingMessage, ToFetch


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


def figures(deps: Deps) -> list[Figure]:
    """Mailboxes and pending mail by state, what waits to be fetched, and the age of heartbeats."""
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
                "rapport_heartbeat_age_seconds",
                "Seconds since a process was heard of.",
                {name: (deps.now() - at).total_seconds() for name, at in beats},
            ),
        ]


def count(
    session: Session, column: InstrumentedAttribute[str], *where: ColumnElement[bool]
) -> Mapping[str, float]:
    """Rows by the values of a column."""
    query = select(column, func.count()).where(*where).group_by(column)
    return {kind: float(number) for kind, number in session.execute(query)}
