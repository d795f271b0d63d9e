"""Imports, resyncs and audits: one row each, with progress that people can watch.

One process at a time works on a run, by a lease, so that no page is listed twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import ImportRunId, MailboxId, MailboxKey, MemberId
from backend.domain.sync.import_reach import Reach
from backend.domain.sync.leases import LEASE
from backend.store.mailboxes import WORKING
from backend.store.models import ImportRun, Mailbox, TeamMember

IMPORT, RESYNC, AUDIT = "import", "resync", "audit"
WELL: Mapping[str, object] = {"error": None, "refusals": 0, "look_at": None}
"""The columns of a run that continues."""

MOST_COUNTED = 1000


@dataclass(frozen=True)
class RunRow:
    """An import with its mailbox, and the name of who stopped it."""

    run: ImportRun
    mailbox: Mailbox
    stopped_by: str | None


def begin(
    session: Session,
    key: MailboxKey,
    *,
    kind: str,
    reach: Reach,
    now: datetime,
    by: MemberId | None = None,
) -> ImportRunId:
    """Insert a run."""
    run = ImportRun(
        workspace_id=key[0],
        mailbox_id=key[1],
        kind=kind,
        wanted=reach.wanted,
        since=reach.since,
        started_by=by,
        started_at=now,
        heartbeat_at=now,
    )
    session.add(run)
    session.flush()
    return run.id


def running(session: Session, mailbox_id: MailboxId) -> ImportRun | None:
    """The unfinished run of a mailbox, the oldest first."""
    query = (
        select(ImportRun)
        .where(ImportRun.mailbox_id == mailbox_id, ImportRun.finished_at.is_(None))
        .order_by(ImportRun.id)
    )
    return session.scalars(query).first()


def hold(session: Session, run_id: ImportRunId, owner: str, now: datetime) -> bool:
    """Take or renew the lease of a run. False when it has ended, another process holds it, or its
    mailbox is no longer connected.
    """
    free = or_(
        ImportRun.lease_owner == owner,
        ImportRun.lease_until.is_(None),
        ImportRun.lease_until < now,
    )
    connected = exists().where(Mailbox.id == ImportRun.mailbox_id, Mailbox.state.in_(WORKING))
    query = (
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.finished_at.is_(None), free, connected)
        .values(lease_owner=owner, lease_until=now + LEASE, heartbeat_at=now)
        .returning(ImportRun.id)
    )
    return session.scalar(query) is not None


def note_trouble(session: Session, run_id: ImportRunId, sentence: str) -> None:
    """Store why the run does not continue."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.finished_at.is_(None))
        .values(error=sentence)
    )


def note_refusal(
    session: Session, run_id: ImportRunId, sentence: str, pause: Callable[[int], datetime]
) -> None:
    """Store that Gmail refused the run. `pause` says when it is retried after so many refusals in a
    row.
    """
    run = session.get(ImportRun, run_id, with_for_update=True)
    if run is not None and run.finished_at is None:
        run.error, run.refusals = sentence, min(run.refusals + 1, MOST_COUNTED)
        run.look_at = pause(run.refusals)


def let_go(session: Session, run_id: ImportRunId, owner: str) -> None:
    """Release the lease of the run."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What one batch adds to a run. Counts are messages."""

    scanned: int
    kept: int = 0
    failed: int = 0
    missed: int = 0
    oldest_at: datetime | None = None


def count(session: Session, run_id: ImportRunId, progress: Progress, now: datetime) -> None:
    """Add a batch to a run's progress."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(
            scanned=ImportRun.scanned + progress.scanned,
            kept=ImportRun.kept + progress.kept,
            failed=ImportRun.failed + progress.failed,
            missed=ImportRun.missed + progress.missed,
            oldest_at=func.least(ImportRun.oldest_at, progress.oldest_at),
            heartbeat_at=now,
            **WELL,
        )
    )


def turn_page(
    session: Session, run_id: ImportRunId, page: str | None, *, listed: int, now: datetime
) -> None:
    """Record that a page is done, and the next one; without one, all is listed."""
    so_far = ImportRun.listed + listed
    last = {"listed_at": now, "wanted": so_far} if page is None else {}
    moved = {"page_token": page, "listed": so_far, "heartbeat_at": now, **WELL}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**moved, **last))


def start_over(session: Session, run_id: ImportRunId) -> None:
    """Forget the next page, since Gmail no longer knows it. What was fetched stays, so relisting it
    costs only the listing.
    """
    session.execute(
        update(ImportRun).where(ImportRun.id == run_id).values(page_token=None, listed=0, scanned=0)
    )


def finish(
    session: Session, run_id: ImportRunId, now: datetime, *, stopped_by: MemberId | None = None
) -> bool:
    """End a run; False when it had ended. A run ends when everything listed was processed, or when
    a person stops it.
    """
    scanned: ColumnElement[int] = ImportRun.scanned.expression
    if stopped_by is None:
        scanned = func.greatest(ImportRun.scanned, ImportRun.listed)
    query = (
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.finished_at.is_(None))
        .values(finished_at=now, heartbeat_at=now, stopped_by=stopped_by, scanned=scanned, **WELL)
        .returning(ImportRun.id)
    )
    return session.scalar(query) is not None


def floor(session: Session, mailbox_id: MailboxId) -> datetime | None:
    """How far back the mailbox is imported; older mail is not missing. None: not imported yet."""
    reached = func.coalesce(ImportRun.since, ImportRun.oldest_at, ImportRun.started_at)
    query = select(func.min(reached)).where(
        ImportRun.mailbox_id == mailbox_id, ImportRun.kind == IMPORT
    )
    return session.scalar(query)


def last_audit(session: Session, mailbox_id: MailboxId) -> datetime | None:
    """When the last completed audit began."""
    query = select(func.max(ImportRun.started_at)).where(
        ImportRun.mailbox_id == mailbox_id,
        ImportRun.kind == AUDIT,
        ImportRun.finished_at.is_not(None),
    )
    return session.scalar(query)


def last_audits(session: Session) -> Mapping[MailboxKey, datetime]:
    """When each working mailbox was last audited, or else connected, over all workspaces."""
    audited = (
        select(func.max(ImportRun.started_at))
        .where(ImportRun.mailbox_id == Mailbox.id, ImportRun.kind == AUDIT)
        .scalar_subquery()
    )
    last = func.coalesce(audited, Mailbox.connected_at)
    query = select(Mailbox.workspace_id, Mailbox.id, last).where(
        Mailbox.state.in_(WORKING), Mailbox.connected_at.is_not(None)
    )
    return {
        MailboxKey(workspace_id, mailbox_id): at
        for workspace_id, mailbox_id, at in session.execute(query)
    }


def unfinished(session: Session, now: datetime) -> list[MailboxKey]:
    """Working mailboxes with a run that no process holds and that may be tried, over all
    workspaces.
    """
    query = (
        select(ImportRun.workspace_id, ImportRun.mailbox_id)
        .join(Mailbox, Mailbox.id == ImportRun.mailbox_id)
        .where(
            ImportRun.finished_at.is_(None),
            Mailbox.state.in_(WORKING),
            or_(Mailbox.paused_until.is_(None), Mailbox.paused_until <= now),
            or_(ImportRun.lease_until.is_(None), ImportRun.lease_until < now),
            or_(ImportRun.look_at.is_(None), ImportRun.look_at <= now),
        )
        .distinct()
    )
    return [MailboxKey(*row) for row in session.execute(query)]


def with_mailbox(session: Session, run_id: ImportRunId) -> RunRow | None:
    """One import of the session's workspace."""
    query = (
        select(ImportRun, Mailbox, TeamMember.name)
        .join(Mailbox, Mailbox.id == ImportRun.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == ImportRun.stopped_by)
        .where(ImportRun.id == run_id)
    )
    row = session.execute(query).one_or_none()
    return RunRow(row[0], row[1], row[2]) if row else None
