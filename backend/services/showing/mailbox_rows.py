"""Rows of mailboxes and imports turned into what is shown, with what is wrong in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domain.ids import ImportRunId, MailboxId, MemberId
from backend.domain.policies import Capture, MailboxKind
from backend.domain.reasons import Reason
from backend.domain.summaries.mailbox import ImportSummary, MailboxState, MailboxSummary, TakesIn
from backend.domain.visibility import Visibility
from backend.store import mailbox_lists
from backend.store.mailbox_lists import MailboxRow
from backend.store.models import ImportRun, Mailbox

QUIET = timedelta(minutes=45)
"""Three missed polls: a live mailbox not read for so long is called delayed."""

EXPLANATIONS: Mapping[MailboxState, str] = {
    MailboxState.DISCONNECTED: (
        "Rapport no longer has access to this mailbox. Nothing is read or sent until it is "
        "connected again. What was synced before is still here."
    ),
    MailboxState.BLOCKED: (
        "Google refuses access for this account. An administrator of Google Workspace has to allow "
        "Rapport first."
    ),
    MailboxState.DELAYED: "New mail has not been read for a while. It is tried again by itself.",
    MailboxState.RESYNCING: (
        "Gmail no longer remembers where reading stopped, so the mailbox is compared again. "
        "Nothing is lost meanwhile."
    ),
}
SHORT: Mapping[str, str] = {
    Reason.NOBODY_KNOWN: "Nobody on it is a known contact",
    Reason.ONLY_COPIED: "Contacts only in Cc or Bcc",
    Reason.INTERNAL_ONLY: "Internal mail",
    Reason.NEVER_LOG_ADDRESS: "Address on the never-log list",
    Reason.NEVER_LOG_DOMAIN: "Domain on the never-log list",
    Reason.NEVER_LOG_SUBJECT: "Subject on the never-log list",
    Reason.DRAFT: "Drafts",
    Reason.CHAT: "Chat messages",
    Reason.SPAM: "Spam",
    Reason.TRASHED: "In Gmail's trash",
    Reason.THIRD_PARTY_SENDER: "Sent by somebody else",
    Reason.NOT_ASSIGNED: "Contact not assigned to the owner",
    Reason.ERASED_PERSON: "An erased person",
    Reason.MESSAGE_GONE: "No longer in Gmail",
    Reason.OUTSIDE_IMPORT: "Older than the import reaches",
    Reason.UNLOGGED: "Taken out by somebody",
}
"""Reasons for leaving mail out, as labels of a count."""


def mailbox_summaries(
    session: Session, rows: Sequence[MailboxRow], now: datetime
) -> list[MailboxSummary]:
    """The mailboxes with their counts and running imports, with a fixed number of queries."""
    ids = [row.mailbox.id for row in rows]
    waiting = mailbox_lists.waiting(session, ids)
    broken = mailbox_lists.quarantined(session, ids)
    running = mailbox_lists.running(session, ids)
    return [
        _summary(
            row,
            now=now,
            waiting=waiting.get(row.mailbox.id, 0),
            broken=broken.get(row.mailbox.id, 0),
            run=running.get(row.mailbox.id),
        )
        for row in rows
    ]


def import_summary(
    run: ImportRun,
    email: str,
    skipped: Sequence[tuple[str, int]] = (),
    stopped_by: str | None = None,
) -> ImportSummary:
    """One import, with why messages were left out and who stopped it when that is known."""
    return ImportSummary(
        id=ImportRunId(run.id),
        mailbox_email=email,
        kind=run.kind,
        wanted=run.wanted,
        listed=run.listed,
        scanned=run.scanned,
        kept=run.kept,
        failed=run.failed,
        oldest_at=run.oldest_at,
        started_at=run.started_at,
        heartbeat_at=run.heartbeat_at,
        finished_at=run.finished_at,
        stopped=run.stopped_by is not None,
        stopped_by=stopped_by,
        since=run.since,
        missed=run.missed,
        error=run.error,
        skipped_because=tuple((SHORT.get(reason, reason), count) for reason, count in skipped),
    )


def takes_in(mailbox: Mailbox) -> TakesIn:
    """The admin's choice among the columns that the capture rule reads."""
    if mailbox.kind != MailboxKind.SHARED.value:
        return TakesIn.OWN
    return TakesIn.EVERYTHING if mailbox.capture == Capture.ALL.value else TakesIn.SHARED


def state_of(mailbox: Mailbox, now: datetime) -> MailboxState:
    """The stored state, or "delayed" for a live mailbox that has not been read for long."""
    state = MailboxState(mailbox.state)
    read = mailbox.last_success_at or mailbox.connected_at
    if state is MailboxState.LIVE and read is not None and now - read > QUIET:
        return MailboxState.DELAYED
    return state


def _summary(
    row: MailboxRow, *, now: datetime, waiting: int, broken: int, run: ImportRun | None
) -> MailboxSummary:
    mailbox = row.mailbox
    state = state_of(mailbox, now)
    return MailboxSummary(
        id=MailboxId(mailbox.id),
        email=mailbox.email,
        display_name=mailbox.display_name,
        owner_id=MemberId(mailbox.owner_id) if mailbox.owner_id is not None else None,
        owner_name=row.owner_name,
        takes_in=takes_in(mailbox),
        sharing=Visibility(mailbox.sharing),
        state=state,
        explanation=EXPLANATIONS.get(state) or mailbox.last_error,
        scopes=tuple(mailbox.scopes),
        connected_at=mailbox.connected_at,
        last_sync_at=mailbox.last_success_at,
        last_notification_at=mailbox.last_notification_at,
        watch_expires_at=mailbox.watch_expires_at,
        waiting_to_fetch=waiting,
        quarantined=broken,
        running_import=import_summary(run, mailbox.email) if run else None,
    )
