"""Choices as rows: policies, the Gmail switch, internal domains, never-log entries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.errors import NotFound
from backend.store.models import (
    InternalDomain,
    NeverLogEntry,
    PolicyChoice,
    SendingWindowRow,
    TeamMember,
    Workspace,
)

MOST_ENTRIES = 2_000
"""Never-log entries shown on one page."""


def workspace(session: Session, workspace_id: WorkspaceId) -> Workspace:
    """The workspace itself."""
    return session.get_one(Workspace, workspace_id)


def policy_rows(session: Session) -> Sequence[tuple[PolicyChoice, str | None]]:
    """Every setting that differs from its default, with who chose it."""
    query = select(PolicyChoice, TeamMember.name).outerjoin(
        TeamMember, TeamMember.id == PolicyChoice.changed_by
    )
    return [(row, name) for row, name in session.execute(query)]


def put_policy(session: Session, actor: Actor, name: str, value: str, now: datetime) -> None:
    """Upsert a value."""
    statement = insert(PolicyChoice).values(
        workspace_id=actor.workspace_id,
        name=name,
        value=value,
        changed_by=actor.member_id,
        changed_at=now,
    )
    fresh = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "name"],
            set_={
                "value": fresh.value,
                "changed_by": fresh.changed_by,
                "changed_at": fresh.changed_at,
            },
        )
    )


def drop_policy(session: Session, name: str) -> None:
    """Return to the default."""
    session.execute(delete(PolicyChoice).where(PolicyChoice.name == name))


def replace_windows(session: Session, actor: Actor, rows: Sequence[dict[str, object]]) -> None:
    """Replace a member's sending windows."""
    session.execute(delete(SendingWindowRow).where(SendingWindowRow.member_id == actor.member_id))
    for row in rows:
        session.add(
            SendingWindowRow(workspace_id=actor.workspace_id, member_id=actor.member_id, **row)
        )


def domains(session: Session) -> Sequence[tuple[InternalDomain, str | None]]:
    """The workspace's internal domains in order, each with the name of who proved it."""
    query = (
        select(InternalDomain, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == InternalDomain.proven_by)
        .order_by(InternalDomain.domain)
    )
    return [(row, name) for row, name in session.execute(query)]


def prove_domains(
    session: Session, actor: Actor, domains: Collection[str], now: datetime
) -> Sequence[str]:
    """Record that an admin's Google account proves these domains; returns those that are new."""
    query = (
        update(InternalDomain)
        .where(InternalDomain.domain.in_(domains), InternalDomain.proven_at.is_(None))
        .values(proven_at=now, proven_by=actor.member_id)
        .returning(InternalDomain.domain)
    )
    return session.scalars(query).all()


def open_domain(session: Session, domain: str, since: datetime | None) -> bool:
    """Open a domain to its people, or close it. False when it is not proven."""
    query = (
        update(InternalDomain)
        .where(InternalDomain.domain == domain, InternalDomain.proven_at.is_not(None))
        .values(open_since=since)
        .returning(InternalDomain.domain)
    )
    return session.scalar(query) is not None


def open_to(session: Session, domains: Collection[str]) -> Sequence[tuple[int, str, str]]:
    """Workspaces that are open to one of these domains: id, name and domain. Global."""
    query = (
        select(Workspace.id, Workspace.name, InternalDomain.domain)
        .join(Workspace, Workspace.id == InternalDomain.workspace_id)
        .where(is_open(domains))
        .order_by(Workspace.name, InternalDomain.domain)
    )
    return [(workspace_id, name, domain) for workspace_id, name, domain in session.execute(query)]


def is_open_to(session: Session, domains: Collection[str]) -> bool:
    """Whether the session's workspace is open to one of these domains."""
    return session.scalar(select(InternalDomain.domain).where(is_open(domains))) is not None


def is_open(domains: Collection[str]) -> ColumnElement[bool]:
    """Whether a row is one of these domains, proven, and open."""
    return (
        InternalDomain.domain.in_(domains)
        & InternalDomain.proven_at.is_not(None)
        & InternalDomain.open_since.is_not(None)
    )


def add_domain(session: Session, workspace_id: WorkspaceId, domain: str) -> None:
    """Add an internal domain. Idempotent."""
    session.execute(
        insert(InternalDomain)
        .values(workspace_id=workspace_id, domain=domain)
        .on_conflict_do_nothing()
    )


def remove_domain(session: Session, domain: str) -> None:
    """Remove an internal domain: it is a customer's again."""
    session.execute(delete(InternalDomain).where(InternalDomain.domain == domain))


def never_log(session: Session, member_id: MemberId) -> Sequence[tuple[NeverLogEntry, str | None]]:
    """The workspace's entries and the member's own, with who added each."""
    query = (
        select(NeverLogEntry, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == NeverLogEntry.added_by)
        .where(or_(NeverLogEntry.member_id.is_(None), NeverLogEntry.member_id == member_id))
        .order_by(NeverLogEntry.kind, NeverLogEntry.value)
        .limit(MOST_ENTRIES)
    )
    return [(row, name) for row, name in session.execute(query)]


def never_log_entry(
    session: Session, actor: Actor, entry_id: int
) -> tuple[NeverLogEntry, str | None]:
    """An entry that the actor may see, with who added it. Raises NotFound."""
    query = (
        select(NeverLogEntry, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == NeverLogEntry.added_by)
        .where(NeverLogEntry.id == entry_id)
    )
    found = session.execute(query).one_or_none()
    if found is None or found[0].member_id not in {None, actor.member_id}:
        raise NotFound("There is no such entry. It may have been removed already.")
    return found[0], found[1]


def add_never_log(session: Session, entry: NeverLogEntry) -> tuple[int, bool]:
    """Add an entry, unless it exists. Returns its id, and whether it is new."""
    same = select(NeverLogEntry.id).where(
        func.coalesce(NeverLogEntry.member_id, 0) == (entry.member_id or 0),
        NeverLogEntry.kind == entry.kind,
        NeverLogEntry.value == entry.value,
    )
    found = session.scalar(same)
    if found is not None:
        return found, False
    session.add(entry)
    session.flush()
    return entry.id, True
