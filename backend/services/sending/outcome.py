"""What an attempt came to, written down: sent, refused for good or for now, or not known."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason
from backend.errors import RapportError, ScopeMissing, SendRefused, SendUnknown
from backend.google.posting import SentIds
from backend.jobs import JobName
from backend.services.deps import Deps
from backend.store import send_leases
from backend.store.models import Departure, Mailbox, PendingMessage
from backend.store.outbox.rows import Because, locked, move, note_step
from backend.store.session import after_commit

FIRST_LOOK = timedelta(seconds=120)
"""How long after a doubtful attempt SENT mail is looked through for the first time."""

UNREACHABLE_WAIT = timedelta(seconds=60)
RATE_WAIT = timedelta(minutes=10)
"""When to try again after a refusal that names no time."""


def sent(deps: Deps, workspace_id: WorkspaceId, pending_id: PendingId, ids: SentIds) -> MailboxId:
    """Gmail said yes: note its ids and count the departure. Sync may have been faster."""
    with deps.store.begin(workspace_id) as session:
        row = locked(session, pending_id)
        mailbox_id = MailboxId(row.mailbox_id)
        asked_for = row.thread_id
        row.sent_gmail_id, row.sent_thread_id = ids.gmail_id, ids.thread_id
        row.sent_at = row.sent_at or deps.now()
        row.lease_until, row.mime = None, None
        if row.state != PendingState.SENT.value:
            move(session, row, PendingState.SENT, now=deps.now())
        if asked_for and asked_for != ids.thread_id:
            note_step(session, row, now=deps.now(), detail="Gmail put it into a new thread")
        departure = insert(Departure).values(
            workspace_id=workspace_id,
            mailbox_id=mailbox_id,
            gmail_id=ids.gmail_id,
            left_at=deps.now(),
        )
        session.execute(departure.on_conflict_do_nothing())
        job = JobName.SYNC_MAILBOX
        after_commit(session, lambda: deps.jobs.enqueue(job, workspace_id, mailbox_id))
    return mailbox_id


def refused(
    deps: Deps, workspace_id: WorkspaceId, pending_id: PendingId, refusal: SendRefused
) -> bool:
    """Gmail surely did not take it. Limits and a bad connection wait, anything else has failed."""
    with deps.store.begin(workspace_id) as session:
        row = locked(session, pending_id)
        row.lease_until, row.mime, row.last_error = None, None, refusal.sentence
        match refusal.code:
            case "rate":
                until = refusal.after or deps.now() + RATE_WAIT
                send_leases.pause(session, MailboxId(row.mailbox_id), until)
                again(session, deps, row, Reason.PROVIDER_LIMIT)
            case "unreachable":
                row.not_before = deps.now() + UNREACHABLE_WAIT
                again(session, deps, row, Reason.MAILBOX_BUSY)
                return False
            case "token":
                because = Because(Reason.MAILBOX_DISCONNECTED)
                move(session, row, PendingState.HELD, now=deps.now(), because=because)
            case _:
                because = Because(Reason.REFUSED_BY_PROVIDER, {"answer": refusal.sentence})
                move(session, row, PendingState.FAILED, now=deps.now(), because=because)
                return True
    return False


def again(session: Session, deps: Deps, row: PendingMessage, reason: Reason) -> None:
    """Back into the queue: a definite refusal that time will cure."""
    move(session, row, PendingState.SCHEDULED, now=deps.now(), because=Because(reason))


def unknown(
    deps: Deps, workspace_id: WorkspaceId, pending_id: PendingId, doubt: SendUnknown
) -> None:
    """It may have left. Nothing is posted again; SENT mail is looked through later."""
    with deps.store.begin(workspace_id) as session:
        row = locked(session, pending_id)
        row.last_error = doubt.sentence
        row.lease_until = deps.now() + FIRST_LOOK
        if row.state == PendingState.SENDING.value:
            move(session, row, PendingState.UNKNOWN, now=deps.now())


def hold_for_mailbox(
    deps: Deps, workspace_id: WorkspaceId, pending_id: PendingId, error: RapportError
) -> None:
    """The mailbox does not work: the mail waits for its owner."""
    scope = isinstance(error, ScopeMissing)
    reason = Reason.SCOPE_MISSING if scope else Reason.MAILBOX_DISCONNECTED
    with deps.store.begin(workspace_id) as session:
        row = locked(session, pending_id)
        row.last_error, row.lease_until, row.mime = error.sentence, None, None
        if row.state in {PendingState.SCHEDULED.value, PendingState.SENDING.value}:
            move(session, row, PendingState.HELD, now=deps.now(), because=Because(reason))


def cursor_of(session: Session, mailbox_id: int) -> Decimal | None:
    """Where the mailbox's history stands before the attempt."""
    return session.scalar(select(Mailbox.cursor).where(Mailbox.id == mailbox_id))
