"""The audit log: a page of it, and all of it for a file."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from backend.deps import Deps
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.audit_words import GROUPS
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.sending.windows import resolve
from backend.domain.summaries.audit import AuditLine
from backend.errors import NotAllowed
from backend.queries.keyset import Order, count_up_to, page_of
from backend.store.models import AuditEntry, TeamMember

BY_RULE = "rules"
PIECE = 1_000
"""Entries read in one transaction for a file."""

NEWEST = Order(AuditEntry.id.expression, AuditEntry.id.expression, descending=True)
Lines = Select[AuditEntry, str, str]
"""Entries, each with who acted, and the admin who was logged in as them."""

Behind = aliased(TeamMember)


def audit_log(deps: Deps, actor: Actor, query: ListQuery) -> Page[AuditLine]:
    """A page, the newest first. Filters: `who` (a member's id, or "rules"), `what` (a group of
    actions), `since` and `until` (days in the reader's zone, both included).
    """
    require_audit(actor)
    wanted = _wanted(actor, query.filters)
    with deps.store.begin(actor.workspace_id) as session:
        found = page_of(session, wanted, NEWEST, query)
        total = count_up_to(session, wanted)
    return found.page(_line, total)


def whole_audit_log(deps: Deps, actor: Actor, query: ListQuery) -> Iterator[AuditLine]:
    """Everything that matches the filters, newest first, read in pieces."""
    require_audit(actor)
    wanted = _wanted(actor, query.filters).order_by(AuditEntry.id.desc()).limit(PIECE)
    last: int | None = None
    while True:
        piece = wanted if last is None else wanted.where(AuditEntry.id < last)
        with deps.store.begin(actor.workspace_id) as session:
            lines = [_line(row) for row in session.execute(piece)]
        yield from lines
        if len(lines) < PIECE:
            return
        last = lines[-1].id


def who_acted(deps: Deps, actor: Actor) -> list[tuple[str, str]]:
    """The members to filter by, with their ids."""
    query = select(TeamMember.id, TeamMember.name).order_by(TeamMember.name)
    with deps.store.begin(actor.workspace_id) as session:
        return [(str(member_id), name) for member_id, name in session.execute(query)]


def require_audit(actor: Actor) -> None:
    """Raises NotAllowed for a member who may not see what everybody did."""
    if not allowed(actor.role, Permission.AUDIT_SEE, own=False):
        raise NotAllowed(refusal(Permission.AUDIT_SEE, own=False))


def _wanted(actor: Actor, filters: Mapping[str, str]) -> Lines:
    query = (
        select(AuditEntry, TeamMember.name, Behind.name)
        .outerjoin(TeamMember, TeamMember.id == AuditEntry.actor_id)
        .outerjoin(Behind, Behind.id == AuditEntry.behind_id)
    )
    who, member_id = filters.get("who"), whole_id(filters.get("who"))
    if who == BY_RULE:
        query = query.where(AuditEntry.actor_id.is_(None))
    elif member_id is not None:
        acted = or_(AuditEntry.actor_id == member_id, AuditEntry.behind_id == member_id)
        query = query.where(acted)
    if (what := filters.get("what", "")) in GROUPS:
        query = query.where(AuditEntry.action.in_(list(GROUPS[what][1])))
    if since := day_of(filters.get("since")):
        query = query.where(AuditEntry.happened_at >= _start(since, actor))
    if until := day_of(filters.get("until")):
        query = query.where(AuditEntry.happened_at < _start(until + timedelta(days=1), actor))
    return query


def day_of(text: str | None) -> date | None:
    """A day as a browser writes it; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if date(1970, 1, 1) < found < date(9000, 1, 1) else None


def _start(day: date, actor: Actor) -> datetime:
    return resolve(datetime.combine(day, time()), actor.time_zone).astimezone(UTC)


def _line(row: tuple[AuditEntry, str, str | None]) -> AuditLine:
    entry, who, behind = row
    detail = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in entry.detail.items())
    return AuditLine(
        id=entry.id,
        at=entry.happened_at,
        who=f"{behind}, logged in as {who}" if behind else who,
        action=entry.action,
        subject=entry.subject,
        detail=detail,
    )
