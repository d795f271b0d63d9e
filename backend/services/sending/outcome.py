"""Records the outcome of an attempt: sent, refused for good or for now, or unknown."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxKey, PendingId, WorkspaceId
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.errors import (
    MailboxTrouble,
    NotFound,
    RapportError,
    RateLimited,
    ScopeMissing,
    SendRefused,
    SendUnknown,
)
from backend.google.posting import SentIds
from backend.jobs import JobName
from backend.services.client_check import ask_soon
from backend.services.sending import resting
from backend.services.sending.send_lease import Claimed, Continue, SendLease, Step
from backend.services.transitions import Because, move
from backend.services.troubles import BLOCKED_LOOK, note_refusal
from backend.store.mailboxes import SECOND_LOOK_AFTER
from backend.store.models import GmailThread, PendingMessage
from backend.store.outbox.leaving import Departed, left
from backend.store.outbox.rows import GONE, first_wait, locked, note_step
from backend.store.send_leases import giving_back
from backend.store.statements import BoundStatement

FIRST_LOOK = timedelta(seconds=120)
"""Time from a doubtful attempt to the first look in SENT mail."""

AFTER_DOUBT = timedelta(seconds=30)
"""How long a mailbox pauses after the first doubt in a row."""

GIVES_UP_AFTER = timedelta(days=2)
"""How long one message is retried that Gmail refuses for a temporary reason."""

WAITS = {
    "rate": Reason.PROVIDER_LIMIT,
    "unreachable": Reason.PROVIDER_TROUBLE,
    "passing": Reason.PROVIDER_TROUBLE,
}
"""Refusals after which messages wait by themselves, and their reason meanwhile."""


def sent(
    deps: Deps,
    workspace_id: WorkspaceId,
    pending_id: PendingId,
    ids: SentIds,
    *,
    left_at: datetime | None = None,
) -> None:
    """It left: note Gmail's ids and count the departure. Sync may have been faster."""
    found = deps.store.write(workspace_id, noted(deps, pending_id, ids, left_at))
    require_found(found)


def sent_last(lease: SendLease, pending_id: PendingId, ids: SentIds) -> bool:
    """The same for the last mail in line, and the lease is given back with it. Whether mail still
    waits.
    """
    end = giving_back(lease.mailbox_id, owner=lease.owner, works=True)
    left_now = noted(lease.deps, pending_id, ids)
    waits, found = lease.deps.store.write_pair(lease.workspace_id, end, left_now)
    require_found(found)
    return waits


def noted(
    deps: Deps, pending_id: PendingId, ids: SentIds, left_at: datetime | None = None
) -> BoundStatement[UUID | None]:
    """The statement that writes a departure down."""
    now = deps.now()
    return left(pending_id, Departed(ids.gmail_id, ids.thread_id, left_at or now), now=now)


def require_found(pending_id: UUID | None) -> None:
    """Raises NotFound for a mail that is gone."""
    if pending_id is None:
        raise NotFound(GONE)


def refused(lease: SendLease, claimed: Claimed, refusal: SendRefused) -> Step:
    """Gmail certainly did not take it. For limits and temporary failures it waits, anything else
    fails.
    """
    waits = WAITS.get(refusal.code)
    now = lease.deps.now()
    with lease.begin() as session:
        row = locked(session, claimed.pending_id)
        if is_ours(row, claimed):
            if refusal.code == "passing" and has_lasted(session, row, now):
                hold_refused(session, row, refusal, now)
                return Continue()
            give_up_or_wait(session, row, refusal, now)
            if refusal.code == "passing":  # it may be this mail alone: others go first
                row.not_before = now + resting.growing(lease, row.attempts)
    if waits is None:
        return Continue()
    return resting.rest(lease, waits, refusal.sentence, until=refusal.after)


def has_lasted(session: Session, row: PendingMessage, now: datetime) -> bool:
    """Whether a temporary failure has lasted for days, since a person last handled the message."""
    since = first_wait(session, row, Reason.PROVIDER_TROUBLE)
    return since is not None and now - since >= GIVES_UP_AFTER


def hold_refused(
    session: Session, row: PendingMessage, refusal: SendRefused, now: datetime
) -> None:
    """Stop retrying: its author is informed, and decides."""
    row.lease_until, row.mime, row.last_error = None, None, refusal.sentence
    details = {"limit": f"{GIVES_UP_AFTER.days} days", "answer": refusal.sentence.rstrip(".")}
    because = Because(Reason.REFUSED_FOR_DAYS, details)
    move(session, row, PendingState.HELD, now=now, because=because)


def give_up_or_wait(
    session: Session, row: PendingMessage, refusal: SendRefused, now: datetime
) -> None:
    """Apply a definite refusal to the message."""
    row.lease_until, row.mime, row.last_error = None, None, refusal.sentence
    match refusal.code:
        case code if code in WAITS:
            because = Because(WAITS[code], {"answer": refusal.sentence.rstrip(".")})
            move(session, row, PendingState.SCHEDULED, now=now, because=because)
        case "thread" if row.thread_id is not None:
            forget_thread(session, row, now)
        case _:
            because = Because(Reason.REFUSED_BY_PROVIDER, {"answer": refusal.sentence})
            move(session, row, PendingState.FAILED, now=now, because=because)


def forget_thread(session: Session, row: PendingMessage, now: datetime) -> None:
    """The thread is no longer in the mailbox: the reply goes out without it. Its References still
    join it to the conversation for everybody else.
    """
    session.execute(
        delete(GmailThread).where(
            GmailThread.mailbox_id == row.mailbox_id, GmailThread.thread_id == row.thread_id
        )
    )
    row.thread_id = None
    move(session, row, PendingState.SCHEDULED, now=now)
    note_step(session, row, now=now, detail="the thread is gone from Gmail, so it starts a new one")


def unknown(lease: SendLease, claimed: Claimed, doubt: SendUnknown) -> Step:
    """It may have left. Nothing is posted again; SENT mail is searched later. The messages behind
    it wait a little, so that an outage does not put all of them in doubt.
    """
    now = lease.deps.now()
    with lease.begin() as session:
        row = locked(session, claimed.pending_id)
        if is_ours(row, claimed):
            row.last_error, row.lease_until = doubt.sentence, now + FIRST_LOOK
            move(session, row, PendingState.UNKNOWN, now=now)
    return resting.rest(
        lease, Reason.PROVIDER_TROUBLE, doubt.sentence, until=doubt.after, first=AFTER_DOUBT
    )


def give_back(lease: SendLease, claimed: Claimed, sentence: str) -> None:
    """Gmail certainly did not take it, and it is not the message's fault: it keeps its place in
    line.
    """
    with lease.begin() as session:
        row = locked(session, claimed.pending_id)
        if is_ours(row, claimed):
            row.lease_until, row.mime, row.last_error = None, None, sentence
            move(session, row, PendingState.SCHEDULED, now=lease.deps.now())


def mailbox_refused(lease: SendLease, error: MailboxTrouble) -> Step:
    """Google refused the mailbox itself. The first time its messages wait for a second look; after
    that the mailbox shows what is wrong, and its messages are held for that.
    """
    if note_refusal(lease.deps, MailboxKey(lease.workspace_id, lease.mailbox_id), error):
        return Continue()
    second = lease.deps.now() + SECOND_LOOK_AFTER
    return resting.rest(lease, Reason.SENDING_REFUSED, error.sentence, until=second)


def sending_refused(lease: SendLease, claimed: Claimed, error: MailboxTrouble) -> Step:
    """Gmail named a cause why this mailbox may not send. Messages wait and are retried with a
    growing pause; a permission that is still missing then needs a person. Reading checks for
    itself.
    """
    lease.deps.google.cache.forget(lease.mailbox_id)
    if isinstance(error, ScopeMissing) and resting.is_repeated(lease, error.sentence):
        hold(lease, claimed, error)
        return Continue()
    give_back(lease, claimed, error.sentence)
    lease.deps.jobs.enqueue(JobName.SYNC_MAILBOX, lease.workspace_id, lease.mailbox_id)
    return resting.rest(lease, Reason.SENDING_REFUSED, error.sentence, longest=BLOCKED_LOOK)


def not_reached(lease: SendLease, error: RapportError) -> Step:
    """Nothing was claimed yet: Google's sign-in service did not answer, or refuses our client."""
    ask_soon(lease.deps, error)
    until = getattr(error, "after", None)
    return resting.rest(lease, Reason.PROVIDER_TROUBLE, error.sentence, until=until)


def over_rate(lease: SendLease, error: RateLimited) -> Step:
    """Nothing was claimed yet: Google's rate is used up, by this mailbox or by all together."""
    until = error.after or lease.deps.now() + resting.FIRST
    return resting.wait(lease, Reason.PROVIDER_LIMIT, error.sentence, until=until)


def hold(lease: SendLease, claimed: Claimed, error: ScopeMissing) -> None:
    """The permission to send is missing: the message waits for its owner, if this attempt still
    owns it. Otherwise it is being looked for, or another attempt claimed it.
    """
    now = lease.deps.now()
    with lease.begin() as session:
        row = locked(session, claimed.pending_id)
        if is_ours(row, claimed):
            row.last_error, row.lease_until, row.mime = error.sentence, None, None
            move(session, row, PendingState.HELD, now=now, because=Because(Reason.SCOPE_MISSING))


def is_ours(row: PendingMessage, claimed: Claimed) -> bool:
    """Whether the row is still in the state this attempt left it in; sync or a look may have been
    faster.
    """
    return row.state == PendingState.SENDING and row.attempts == claimed.attempt
