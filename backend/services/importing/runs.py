"""Runs over a mailbox: the first import, the resync after a lost cursor, and the audit.

The import takes the cursor before it lists, so that nothing can fall between the two. One process
holds a run at a time; after a crash another continues it.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.backoff import pause
from backend.domain.ids import MailboxId, MailboxKey, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.summaries.mailbox import MailboxState
from backend.domain.sync.import_reach import Reach, audit_since, resync_since
from backend.domain.sync.polling import POLL_AFTER
from backend.errors import MailboxTrouble, RapportError
from backend.jobs import JobName
from backend.services.importing.comparing import compare
from backend.services.importing.draining import Drain, Hold
from backend.services.importing.lease_renewal import renewing_claims
from backend.services.importing.listing import Reading, read_all
from backend.services.importing.opening import open_mailbox
from backend.services.importing.own_addresses import learn_addresses
from backend.services.importing.push import renew_watch_of
from backend.services.importing.run_context import ImportRunContext
from backend.services.troubles import chance, troubles_noted
from backend.store import aliases, fetching, import_runs, mailboxes, polling
from backend.store.mailboxes import SECOND_LOOK_AFTER
from backend.store.models import ImportRun
from backend.store.session import after_commit

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox


FIRST_RETRY = 2 * SECOND_LOOK_AFTER
SLOWEST = timedelta(minutes=45)
"""Between two attempts at a refused import; with jitter still less than an hour."""


def import_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Continue the mailbox's oldest unfinished run, unless another process holds it.

    Earlier mail of a new contact is fetched first: somebody waits for it.
    """
    key = MailboxKey(workspace_id, mailbox_id)
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(workspace_id) as session:
        run = import_runs.running(session, mailbox_id)
        if run is not None:
            if not import_runs.hold(session, run.id, owner, deps.now()):
                return
            session.refresh(run)  # another process may have turned pages since it was read
    try:
        told = partial(tell, deps, key, run)
        with (
            troubles_noted(deps, key, told),
            renewing_claims(deps, key, owner, run_of(run, owner)),
        ):
            gmail = open_mailbox(deps, key)
            prepare(deps, key, gmail)
            drain_late(deps, key, gmail, owner)
            if run is not None:
                advance(deps, key, gmail, run, owner)
            settle(deps, key)
    finally:
        if run is not None:
            with deps.store.begin(workspace_id) as session:
                import_runs.let_go(session, run.id, owner)


def tell(deps: Deps, key: MailboxKey, run: ImportRun | None, error: RapportError) -> None:
    """Show on the run why it does not continue; its next step clears that. What Gmail refuses is
    retried after growing pauses: live sync may succeed meanwhile, so the mailbox counts nothing.
    """
    if run is None:
        return
    with deps.store.begin(key.workspace_id) as session:
        if isinstance(error, MailboxTrouble):
            import_runs.note_refusal(session, run.id, error.sentence, partial(next_look, deps))
        else:
            import_runs.note_trouble(session, run.id, error.sentence)


def next_look(deps: Deps, refusals: int) -> datetime:
    """When an import that was refused so often in a row is retried: after live sync has looked
    whether Gmail refuses the mailbox as a whole.
    """
    return deps.now() + pause(refusals, chance(deps), first=FIRST_RETRY, longest=SLOWEST)


def run_of(run: ImportRun | None, owner: str) -> Hold:
    """Holds a run for one process; without a run there is nothing to hold."""

    def hold(session: Session, now: datetime) -> bool:
        return run is None or import_runs.hold(session, run.id, owner, now)

    return hold


def drain_late(deps: Deps, key: MailboxKey, gmail: "GmailMailbox", owner: str) -> None:
    """Fetch earlier mail of new contacts, while the mailbox is connected."""

    def hold(session: Session, _: datetime) -> bool:
        return mailboxes.is_working(session, key.mailbox_id)

    Drain(deps=deps, key=key, gmail=gmail, paths=[fetching.LATE], hold=hold, owner=owner).run()


def advance(deps: Deps, key: MailboxKey, gmail: "GmailMailbox", run: ImportRun, owner: str) -> None:
    """List, fetch, and compare what is stored; the run ends when all of it is done."""
    imports = run.kind == import_runs.IMPORT
    with deps.store.begin(key.workspace_id) as session:
        floor = run.since if imports else import_runs.floor(session, key.mailbox_id)
    context = ImportRunContext(
        run_id=run.id,
        owner=owner,
        floor=floor,
        expected_before=None if imports else run.started_at - POLL_AFTER,
    )
    path = fetching.IMPORT if imports else fetching.AUDIT
    drain = Drain(
        deps=deps,
        key=key,
        gmail=gmail,
        paths=[path],
        hold=context.hold,
        owner=owner,
        context=context,
    )
    if not read_all(Reading(run=run, drain=drain, context=context, path=path)):
        return
    if not imports and run.since is not None and not compare(deps, key, gmail, run.since):
        return
    with deps.store.begin(key.workspace_id) as session:
        import_runs.finish(session, context.run_id, deps.now())


def prepare(deps: Deps, key: MailboxKey, gmail: "GmailMailbox") -> None:
    """Read the owner's addresses after connecting; once, take the cursor and ask for push."""
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.get(session, key.mailbox_id)
        ready, knows = mailbox.cursor is not None, mailbox.own_addresses_at is not None
    if not knows:
        learn_addresses(deps, key, gmail)
    if ready:
        return
    profile = gmail.profile()
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.get(session, key.mailbox_id)
        aliases.block_own_domain(session, mailbox, address_key(profile.email))
        mailboxes.take_first_cursor(session, key.mailbox_id, profile.history_id)
    renew_watch_of(deps, key, gmail)


def begin_resync(deps: Deps, key: MailboxKey, gmail: "GmailMailbox") -> None:
    """Gmail forgot our cursor: take a new one, then list what may have been missed.

    An unfinished run does not replace it: what was missed may be on pages it has turned already.
    """
    profile = gmail.profile()
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.lock(session, key.mailbox_id)
        if mailbox.state not in mailboxes.WORKING:
            return  # the connection ended meanwhile; the next one finds the same out
        mailbox.state = MailboxState.RESYNCING
        now = deps.now()
        floor = import_runs.floor(session, key.mailbox_id) or mailbox.connected_at or now
        since = resync_since(mailbox.last_success_at or floor, floor=floor)
        import_runs.begin(session, key, kind=import_runs.RESYNC, reach=Reach(since=since), now=now)
        # A cursor that Gmail does not know may also be ahead of its history: then so may the hint.
        mailbox.cursor, mailbox.hint = Decimal(profile.history_id), None
        after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *key))


def audit_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """List the last days and fetch what has no decision: nothing may be unexplained."""
    key = MailboxKey(workspace_id, mailbox_id)
    with deps.store.begin(workspace_id) as session:
        mailboxes.lock(session, mailbox_id)
        if import_runs.running(session, mailbox_id) is not None:
            return
        now = deps.now()
        since = audit_since(
            import_runs.last_audit(session, mailbox_id),
            floor=import_runs.floor(session, mailbox_id) or now,
            now=now,
        )
        import_runs.begin(session, key, kind=import_runs.AUDIT, reach=Reach(since=since), now=now)
        after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *key))


def settle(deps: Deps, key: MailboxKey) -> None:
    """When all runs are over, the mailbox is live."""
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.lock(session, key.mailbox_id)
        over = import_runs.running(session, key.mailbox_id) is None
        if not over or mailbox.state not in mailboxes.WORKING:
            return
        mailbox.state = MailboxState.LIVE
        mailboxes.note_success(session, key.mailbox_id, deps.now())
        polling.polled(session, key.mailbox_id, deps.now())
        after_commit(session, lambda: deps.jobs.enqueue(JobName.SYNC_MAILBOX, *key))
