"""Starts an import by hand, and stops one. A worker does the reading."""

from datetime import datetime

from backend.deps import Deps
from backend.domain.ids import ImportRunId, MailboxId, MailboxKey
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.policies import ImportMode, Policies
from backend.domain.sync.import_reach import Reach, import_reach
from backend.errors import Conflict, MailboxDisconnected, NotAllowed, NotFound, SettledAlready
from backend.jobs import JobName
from backend.services.settings.rights import require
from backend.store import audit, fetching, import_runs, mailboxes
from backend.store.mailboxes import WORKING
from backend.store.session import after_commit
from backend.store.workspace_rules import policies


def start_import(deps: Deps, actor: Actor, *, mailbox_id: MailboxId) -> ImportRunId:
    """Import again. Raises Conflict while a run is unfinished."""
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        require(actor, Permission.IMPORT_CONTROL, own=mailbox.owner_id == actor.member_id)
        if mailbox.state not in WORKING:
            raise MailboxDisconnected(
                f"{mailbox.email} is not connected, so nothing can be read from it. Connect it "
                "under Settings, Email settings."
            )
        if import_runs.running(session, mailbox_id) is not None:
            raise SettledAlready("An import of this mailbox is running already. See how far it is.")
        key = MailboxKey(actor.workspace_id, mailbox_id)
        reach = chosen_reach(policies(session), deps.now())
        run_id = import_runs.begin(
            session,
            key,
            kind="import",
            reach=reach,
            now=deps.now(),
            by=actor.member_id,
        )
        audit.note(session, actor, "import.started", f"mailbox:{mailbox_id}", now=deps.now())
        after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *key))
    return run_id


def chosen_reach(chosen: Policies, now: datetime) -> Reach:
    """What an import looks at. Raises NotAllowed when the workspace imports nothing (D-1)."""
    if chosen.import_mode is ImportMode.NONE:
        raise NotAllowed(
            "This workspace imports nothing from before a connection, so there is nothing to "
            "import. An admin can choose otherwise under Settings, Policies."
        )
    return import_reach(
        chosen.import_mode, count=chosen.import_count, days=chosen.import_days, now=now
    )


def stop_import(deps: Deps, actor: Actor, *, run_id: ImportRunId) -> None:
    """Stop an import. What it fetched stays; what it listed is not fetched."""
    with deps.store.begin(actor.workspace_id) as session:
        found = import_runs.with_mailbox(session, run_id)
        if found is None:
            raise NotFound("There is no such import.")
        run, mailbox = found.run, found.mailbox
        require(actor, Permission.IMPORT_CONTROL, own=mailbox.owner_id == actor.member_id)
        if run.kind != import_runs.IMPORT:
            raise Conflict("Only an import can be stopped. This looks for mail that was missed.")
        if not import_runs.finish(session, run_id, deps.now(), stopped_by=actor.member_id):
            raise SettledAlready("This import has ended already.")
        fetching.forget(session, mailbox.id, fetching.IMPORT)
        audit.note(session, actor, "import.stopped", f"mailbox:{mailbox.id}", now=deps.now())
        after_commit(
            session,
            lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, actor.workspace_id, mailbox.id),
        )
