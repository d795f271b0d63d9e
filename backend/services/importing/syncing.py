"""Live sync: read history from the cursor, store what to fetch, move the cursor, fetch.

Push only leaves a hint; this reads until the cursor has passed it. One process at a time syncs a
mailbox, by a lease in Postgres.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.rule import Rule, Skip
from backend.domain.ids import MailboxId, MailboxKey, WorkspaceId
from backend.domain.incoming import Where
from backend.domain.mail.address import address_key
from backend.domain.sync.changes import Changes, coalesce
from backend.domain.sync.history import HistoryPage, is_behind, newest_arrival
from backend.errors import HistoryExpired
from backend.jobs import JobName
from backend.services.capture import note_unread
from backend.services.importing.draining import Drain, Ended, Hold
from backend.services.importing.labels import relabel
from backend.services.importing.lease_renewal import renewing_claims
from backend.services.importing.opening import open_mailbox
from backend.services.importing.runs import begin_resync
from backend.services.troubles import troubles_noted
from backend.store import decided, fetching, mailboxes, polling
from backend.store.copies import bury
from backend.store.fetching import LIVE, Wanted
from backend.store.workspace_rules import policies

ROUNDS = 20
"""Rounds of one job; later changes wait for the next job."""


def remember_hint(deps: Deps, *, email: str, history_id: int) -> int:
    """Store a push notification, and enqueue a sync. Returns how many mailboxes it concerns."""
    with deps.store.begin_global() as session:
        keys = mailboxes.by_address(session, address_key(email))
    for workspace_id, mailbox_id in keys:
        with deps.store.begin(workspace_id) as session:
            polling.heard(session, mailbox_id, history_id, deps.now())
        deps.jobs.enqueue(JobName.SYNC_MAILBOX, workspace_id, mailbox_id)
    return len(keys)


def sync_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Sync a mailbox, unless another process does."""
    key = MailboxKey(workspace_id, mailbox_id)
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(workspace_id) as session:
        if not mailboxes.take_lease(session, mailbox_id, owner, deps.now()):
            return
    try:
        with troubles_noted(deps, key), renewing_claims(deps, key, owner, lease_of(key, owner)):
            catch_up(deps, key, owner)
    finally:
        with deps.store.begin(workspace_id) as session:
            mailboxes.give_lease_back(session, mailbox_id, owner)


def catch_up(deps: Deps, key: MailboxKey, owner: str) -> None:
    """Read until the cursor has passed the hint, and fetch what was found.

    A job that lost the lease stops: another process reads on from the same cursor, and applying
    what we read before would undo what it has written since.
    """
    hold = lease_of(key, owner)
    gmail = open_mailbox(deps, key)
    drain = Drain(deps=deps, key=key, gmail=gmail, paths=[LIVE], hold=hold, owner=owner)
    for _ in range(ROUNDS):
        with deps.store.begin(key.workspace_id) as session:
            mailbox = mailboxes.get(session, key.mailbox_id)
            cursor, hint = mailbox.cursor, mailbox.hint
        if cursor is None:
            return  # the first import takes the cursor before anything else
        try:
            reached = read_history(drain, int(cursor))
        except HistoryExpired:
            begin_resync(deps, key, gmail)
            return
        if reached is None or (ended := drain.run()) is Ended.STOPPED:
            return
        behind = is_behind(reached, None if hint is None else int(hint))
        # A hint that history does not have yet, or never will, must not cause a busy loop.
        if ended is not Ended.EMPTY or not behind or reached == int(cursor):
            break
    with deps.store.begin(key.workspace_id) as session:
        mailboxes.note_success(session, key.mailbox_id, deps.now())
        polling.polled(session, key.mailbox_id, deps.now())


def lease_of(key: MailboxKey, owner: str) -> Hold:
    """Holds the mailbox for one process, as long as its lease lasts."""

    def hold(session: Session, now: datetime) -> bool:
        return mailboxes.keep_lease(session, key.mailbox_id, owner, now)

    return hold


def read_history(drain: Drain, cursor: int) -> int | None:
    """All pages since the cursor; one transaction for their changes and the new cursor.

    None when the lease is lost.
    """
    deps, key = drain.deps, drain.key
    pages: list[HistoryPage] = [drain.gmail.history(cursor)]
    while pages[-1].next_page_token:
        with deps.store.begin(key.workspace_id) as session:
            if not drain.hold(session, deps.now()):
                return None
        pages.append(drain.gmail.history(cursor, page=pages[-1].next_page_token))
    records = [record for page in pages for record in page.records]
    changes, newest = coalesce(records), newest_arrival(records)
    reached = max(cursor, pages[-1].history_id)
    with deps.store.begin(key.workspace_id) as session:
        if not drain.hold(session, deps.now()):
            return None
        apply_changes(session, deps, key, changes)
        mailboxes.move_cursor(session, key.mailbox_id, reached)
        if newest is not None:
            polling.found_unannounced(session, key.mailbox_id, newest, deps.now())
    return reached


def apply_changes(session: Session, deps: Deps, key: MailboxKey, changes: Changes) -> None:
    """Store what to fetch, follow labels, mark copies that Gmail deleted."""
    new = decided.undecided(session, key.mailbox_id, list(changes.fetch))
    arrived = set(changes.fetch) - new  # known already: back from spam or trash, or a draft sent
    wanted = [
        Wanted(gmail_id=gmail_id, thread_id=changes.fetch[gmail_id].thread_id)
        for gmail_id in [*sorted(new), *sorted(reconsidered(session, key, arrived))]
    ]
    fetching.add(session, key, LIVE, wanted, now=deps.now())
    # A worker may have fetched these before the change and not filed them yet.
    fetching.give_up_claims(session, key.mailbox_id, {*changes.labels, *changes.deleted})
    relabel(session, key.mailbox_id, changes.labels, follow=policies(session).gmail_changes)
    bury(session, key.mailbox_id, changes.deleted, deps.now())
    refused = decided.undecided(session, key.mailbox_id, list(changes.refused))
    where = Where(
        workspace_id=key.workspace_id,
        mailbox_id=key.mailbox_id,
        path=LIVE,
        now=deps.now(),
        hashed=deps.hashed_in(key.workspace_id),
    )
    unread = {one: Skip(reason=changes.refused[one], rule=Rule.LABELS) for one in sorted(refused)}
    note_unread(session, where, unread)


def reconsidered(session: Session, key: MailboxKey, gmail_ids: set[str]) -> set[str]:
    """Messages left out for their labels, whose labels have changed since."""
    return decided.left_out_by_labels(session, key.mailbox_id, sorted(gmail_ids))
