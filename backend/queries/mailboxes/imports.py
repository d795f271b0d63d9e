"""Imports: the page of all of them, and one with why messages were left out."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ImportRunId, MailboxId, MemberId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import Policies
from backend.domain.summaries.mailbox import ImportSummary
from backend.errors import NotFound
from backend.queries.keyset import Order, Slice, page_of
from backend.queries.mailboxes.lines import import_summary
from backend.store.import_runs import with_mailbox
from backend.store.models import Decision, ImportRun, Mailbox, TeamMember
from backend.store.workspace_rules import policies

NEWEST_RUN = Order(ImportRun.id.expression, ImportRun.id.expression, descending=True)


def imports(deps: Deps, actor: Actor, query: ListQuery) -> Page[ImportSummary]:
    """Imports, newest first: of all mailboxes for those who see their health, else one's own."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        found = _runs_page(session, query, owner=None if everybody else actor.member_id)
    return found.page(lambda row: import_summary(row[0], row[1], deps.now(), stopped_by=row[2]))


def import_run(deps: Deps, actor: Actor, run_id: ImportRunId) -> ImportSummary:
    """One import, with why messages were left out. Raises NotFound."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        found = with_mailbox(session, run_id)
        if found is None or not (everybody or found.mailbox.owner_id == actor.member_id):
            raise NotFound("There is no such import.")
        skipped = _skipped_because(session, found.mailbox.id)
        return import_summary(found.run, found.mailbox, deps.now(), skipped, found.stopped_by)


def import_choice(deps: Deps, actor: Actor) -> Policies:
    """The workspace's choices, to describe what an import reads."""
    with deps.store.begin(actor.workspace_id) as session:
        return policies(session)


def _runs_page(
    session: Session, asked: ListQuery, *, owner: MemberId | None
) -> Slice[ImportRun, Mailbox, str]:
    """Imports, newest first. Rows hold `ImportRun`, `Mailbox` and who stopped it; `owner` filters
    by member.
    """
    query = (
        select(ImportRun, Mailbox, TeamMember.name)
        .join(Mailbox, Mailbox.id == ImportRun.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == ImportRun.stopped_by)
    )
    if owner is not None:
        query = query.where(Mailbox.owner_id == owner)
    return page_of(session, query, NEWEST_RUN, asked)


def _skipped_because(session: Session, mailbox_id: MailboxId) -> Sequence[tuple[str, int]]:
    """Why messages of a mailbox were left out, the most frequent reason first."""
    query = (
        select(Decision.reason, func.count())
        .where(Decision.mailbox_id == mailbox_id, Decision.outcome == "skipped")
        .group_by(Decision.reason)
        .order_by(func.count().desc())
    )
    return [(reason, count) for reason, count in session.execute(query)]
