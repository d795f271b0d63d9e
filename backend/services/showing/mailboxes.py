"""Mailboxes, their connection, and the progress of their imports."""

from backend.domain.ids import ImportRunId, MailboxId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.policies import Policies
from backend.domain.summaries.mailbox import ImportSummary, MailboxSummary
from backend.domain.summaries.people import MemberLine
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.services.showing.mailbox_rows import import_summary, mailbox_summaries
from backend.store import mailbox_lists
from backend.store.capture.rules import policies
from backend.store.team import member_line


def my_mailbox(deps: Deps, actor: Actor) -> MailboxSummary | None:
    """The reader's own mailbox, once there is a row of it."""
    with deps.store.begin(actor.workspace_id) as session:
        row = mailbox_lists.of_member(session, actor.member_id)
        return mailbox_summaries(session, [row], deps.now())[0] if row else None


def mailbox(deps: Deps, actor: Actor, mailbox_id: MailboxId) -> MailboxSummary:
    """One mailbox of the workspace. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = mailbox_lists.by_id(session, mailbox_id)
        if row is None:
            raise NotFound("This mailbox is not in your workspace.")
        return mailbox_summaries(session, [row], deps.now())[0]


def mailboxes(deps: Deps, actor: Actor) -> tuple[MailboxSummary, ...]:
    """The workspace's mailboxes for leaders and admins, else the reader's own."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        rows = list(mailbox_lists.all_mailboxes(session)) if everybody else []
        own = mailbox_lists.of_member(session, actor.member_id)
        if not everybody and own is not None:
            rows = [own]
        return tuple(mailbox_summaries(session, rows, deps.now()))


def without_mailbox(deps: Deps, actor: Actor) -> tuple[MemberLine, ...]:
    """Team members whose mail nobody sees here, because no mailbox of theirs is connected."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(member_line(row) for row in mailbox_lists.members_without(session))


def imports(deps: Deps, actor: Actor, query: ListQuery) -> Page[ImportSummary]:
    """Imports, newest first: of all mailboxes for those who see their health, else one's own."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        found = mailbox_lists.runs_page(
            session, query, owner=None if everybody else actor.member_id
        )
    return found.page(
        lambda row: import_summary(row[0], row.Mailbox, deps.now(), stopped_by=row.stopped_by)
    )


def import_run(deps: Deps, actor: Actor, run_id: ImportRunId) -> ImportSummary:
    """One import with why messages were left out. Raises NotFound."""
    everybody = allowed(actor.role, Permission.HEALTH_SEE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        found = mailbox_lists.run(session, run_id)
        if found is None or not (everybody or found.mailbox.owner_id == actor.member_id):
            raise NotFound("There is no such import.")
        skipped = mailbox_lists.skipped_because(session, found.mailbox.id)
        return import_summary(found.run, found.mailbox, deps.now(), skipped, found.stopped_by)


def import_choice(deps: Deps, actor: Actor) -> Policies:
    """What the workspace chose, for saying what an import looks at."""
    with deps.store.begin(actor.workspace_id) as session:
        return policies(session)
