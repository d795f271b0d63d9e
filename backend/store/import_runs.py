"""Imports, resyncs and audits: one row each, with progress that people can watch."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import ImportRunId, MailboxId, MemberId, WorkspaceId
from backend.store.models import ImportRun


def begin(
    session: Session,
    key: tuple[WorkspaceId, MailboxId],
    *,
    kind: str,
    wanted: int | None,
    now: datetime,
    by: MemberId | None = None,
) -> ImportRunId:
    """Start a run. `wanted` is how many messages to look at; None means as many as it takes."""
    run = ImportRun(
        workspace_id=key[0],
        mailbox_id=key[1],
        kind=kind,
        wanted=wanted,
        started_by=by,
        started_at=now,
        heartbeat_at=now,
    )
    session.add(run)
    session.flush()
    return ImportRunId(run.id)


def running(session: Session, mailbox_id: MailboxId) -> ImportRun | None:
    """The run of a mailbox that has not ended, the oldest first."""
    query = (
        select(ImportRun)
        .where(ImportRun.mailbox_id == mailbox_id, ImportRun.finished_at.is_(None))
        .order_by(ImportRun.id)
    )
    return session.scalars(query).first()


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What one batch adds to a run. Counts are messages."""

    scanned: int
    kept: int = 0
    failed: int = 0
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
            oldest_at=func.least(ImportRun.oldest_at, progress.oldest_at),
            heartbeat_at=now,
        )
    )


def finish(
    session: Session, run_id: ImportRunId, now: datetime, *, stopped_by: MemberId | None = None
) -> None:
    """End a run, once."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.finished_at.is_(None))
        .values(finished_at=now, heartbeat_at=now, stopped_by=stopped_by)
    )


def unfinished(session: Session) -> list[tuple[WorkspaceId, MailboxId]]:
    """Mailboxes with a run that has not ended, over all workspaces."""
    query = (
        select(ImportRun.workspace_id, ImportRun.mailbox_id)
        .where(ImportRun.finished_at.is_(None))
        .distinct()
    )
    return [
        (WorkspaceId(workspace_id), MailboxId(mailbox_id))
        for workspace_id, mailbox_id in session.execute(query)
    ]
