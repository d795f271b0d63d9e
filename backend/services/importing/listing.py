"""Runs over a whole mailbox: the first import, the resync after a lost cursor, and the audit.

Each lists message ids into the list of what is to be fetched, without any search; the import takes
the cursor before it lists, so that nothing can fall between the two.
"""

from typing import TYPE_CHECKING

from backend.domain.address import address_key
from backend.domain.ids import ImportRunId, MailboxId, MemberId, WorkspaceId
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import Conflict, RapportError
from backend.jobs import JobName
from backend.services.deps import Deps
from backend.services.importing.draining import Drain
from backend.services.importing.opening import Box, open_mailbox, troubles_noted
from backend.store import aliases, fetching, import_runs, mailboxes
from backend.store.fetching import AUDIT, IMPORT, LATE, Wanted
from backend.store.import_runs import Progress
from backend.store.models import ImportRun
from backend.store.session import after_commit

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

AUDIT_REACH = 2000
"""Messages an audit or resync looks at beyond those known: more than a week of a busy mailbox."""


def import_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Go on with the mailbox's oldest unfinished run: list, then fetch."""
    box = Box(workspace_id=workspace_id, mailbox_id=mailbox_id)
    with troubles_noted(deps, box):
        gmail = open_mailbox(deps, box)
        prepare(deps, box, gmail)
        Drain(deps=deps, box=box, gmail=gmail, paths=[LATE]).run()
        with deps.store.begin(workspace_id) as session:
            run = import_runs.running(session, mailbox_id)
        if run is None:
            settle(deps, box)
            return
        if run.listed_at is None:
            list_wanted(deps, box, gmail, run)
        path = IMPORT if run.kind == "import" else AUDIT
        run_id = ImportRunId(run.id)
        drain = Drain(deps=deps, box=box, gmail=gmail, paths=[path], run_id=run_id)
        if drain.run() and nothing_waits(deps, box, path):
            with deps.store.begin(workspace_id) as session:
                import_runs.finish(session, run_id, deps.now())
            settle(deps, box)


def prepare(deps: Deps, box: Box, gmail: "GmailMailbox") -> None:
    """Once a mailbox: take the cursor, learn its own addresses, ask for push."""
    with deps.store.begin(box.workspace_id) as session:
        ready = mailboxes.get(session, box.mailbox_id).cursor is not None
    if ready:
        return
    profile = gmail.profile()
    own = gmail.send_as()
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        aliases.learn(session, mailbox, [one.address for one in own], deps.now())
        aliases.block_own_domain(session, mailbox, address_key(profile.email))
        mailboxes.move_cursor(session, box.mailbox_id, profile.history_id)
    renew_watch_of(deps, box, gmail)


def list_wanted(deps: Deps, box: Box, gmail: "GmailMailbox", run: ImportRun) -> None:
    """Put ids on the list page by page, remembering the page, until the run has enough."""
    page, listed = run.page_token, run.listed
    path = IMPORT if run.kind == "import" else AUDIT
    most = run.wanted if run.wanted is not None else AUDIT_REACH
    while listed < most:
        found = gmail.list_ids(page=page)
        ids = found.ids[: most - listed]
        listed, page = listed + len(ids), found.next_page
        with deps.store.begin(box.workspace_id) as session:
            new = fetching.undecided(session, box.mailbox_id, [gmail_id for gmail_id, _ in ids])
            wanted = [Wanted(gmail_id=i, thread_id=t) for i, t in ids if i in new]
            fetching.add(session, box.key, path, wanted, now=deps.now())
            row = session.get_one(ImportRun, run.id)
            row.listed, row.page_token, row.heartbeat_at = listed, page, deps.now()
            known = Progress(scanned=len(ids) - len(wanted))
            import_runs.count(session, ImportRunId(run.id), known, deps.now())
        if page is None:
            break
    with deps.store.begin(box.workspace_id) as session:
        row = session.get_one(ImportRun, run.id)
        row.listed_at, row.wanted = deps.now(), listed


def begin_resync(deps: Deps, box: Box, gmail: "GmailMailbox") -> None:
    """Gmail forgot our cursor: take a new one, then list what may have been missed."""
    profile = gmail.profile()
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        mailbox.state = MailboxState.RESYNCING.value
        if import_runs.running(session, box.mailbox_id) is None:
            import_runs.begin(session, box.key, kind="resync", wanted=None, now=deps.now())
        mailboxes.move_cursor(session, box.mailbox_id, profile.history_id)
        after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *box.key))


def audit_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """List the newest messages and fetch those without a decision: nothing may be unexplained."""
    box = Box(workspace_id=workspace_id, mailbox_id=mailbox_id)
    with deps.store.begin(workspace_id) as session:
        if import_runs.running(session, mailbox_id) is not None:
            return
        known = fetching.decided(session, mailbox_id)
        reach = min(AUDIT_REACH, known)
        import_runs.begin(session, box.key, kind="audit", wanted=reach, now=deps.now())
    import_mailbox(deps, workspace_id, mailbox_id)


def start_import(deps: Deps, by: MemberId, box: Box, *, wanted: int) -> ImportRunId:
    """Import again, further back. Raises Conflict while a run is under way."""
    with deps.store.begin(box.workspace_id) as session:
        if import_runs.running(session, box.mailbox_id) is not None:
            raise Conflict("An import of this mailbox is running already.")
        run_id = import_runs.begin(
            session, box.key, kind="import", wanted=wanted, now=deps.now(), by=by
        )
        after_commit(session, lambda: deps.jobs.enqueue(JobName.IMPORT_MAILBOX, *box.key))
    return run_id


def renew_watch(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Ask for push notifications again, well before they end."""
    box = Box(workspace_id=workspace_id, mailbox_id=mailbox_id)
    with troubles_noted(deps, box):
        renew_watch_of(deps, box, open_mailbox(deps, box))


def renew_watch_of(deps: Deps, box: Box, gmail: "GmailMailbox") -> None:
    """One watch call. A refusal is noted and shown: polling goes on all the same."""
    if deps.google.push_topic is None:
        return
    try:
        expires, error = gmail.watch(deps.google.push_topic), None
    except RapportError as refusal:
        expires, error = None, refusal.sentence
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        mailbox.watch_expires_at = expires or mailbox.watch_expires_at
        mailbox.watch_error = error


def nothing_waits(deps: Deps, box: Box, path: str) -> bool:
    """Whether nothing of this path is left, not even for later."""
    with deps.store.begin(box.workspace_id) as session:
        return fetching.waiting(session, box.mailbox_id, [path]) == 0


def settle(deps: Deps, box: Box) -> None:
    """All runs are over: the mailbox is live."""
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        if import_runs.running(session, box.mailbox_id) is None:
            mailbox.state = MailboxState.LIVE.value
            mailboxes.note_success(session, box.mailbox_id, deps.now())
    deps.jobs.enqueue(JobName.SYNC_MAILBOX, *box.key)
