"""What an attempt came to, written down: sent, refused for good or for now, or not known."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.domain.ids import PendingId, WorkspaceId
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason
from backend.errors import NotFound, RapportError, ScopeMissing, SendRefused, SendUnknown
from backend.google.posting import SentIds
from backend.services.deps import Deps
from backend.services.sending.turn import Claimed, GoOn, Step, Stop, Turn
from backend.store import mailboxes, send_leases
from backend.store.models import GmailThread, PendingMessage
from backend.store.outbox.leaving import Departed, left
from backend.store.outbox.rows import GONE, Because, locked, move, note_step
from backend.store.statements import Asked

FIRST_LOOK = timedelta(seconds=120)
"""How long after a doubtful attempt SENT mail is looked through for the first time."""

UNREACHABLE_WAIT = timedelta(seconds=60)
RATE_WAIT = timedelta(minutes=10)
"""When to try again after a refusal that names no time."""


def sent(
    deps: Deps,
    workspace_id: WorkspaceId,
    pending_id: PendingId,
    ids: SentIds,
    *,
    left_at: datetime | None = None,
    before: Sequence[Asked] = (),
) -> list[Any]:
    """It left: note Gmail's ids and count the departure. Sync may have been faster.

    What is asked `before` it travels and becomes durable with it; its answers come back.
    """
    now = deps.now()
    departed = Departed(ids.gmail_id, ids.thread_id, left_at or now)
    asked = left(pending_id, departed, now=now)
    *answers, found = deps.store.at_once(workspace_id, *before, asked)
    if found is None:
        raise NotFound(GONE)
    return answers


def refused(turn: Turn, claimed: Claimed, refusal: SendRefused) -> Step:
    """Gmail surely did not take it. Limits and a bad connection wait, anything else has failed."""
    now = turn.deps.now()
    with turn.begin() as session:
        row = locked(session, claimed.pending_id)
        if is_ours(row, claimed):
            give_up_or_wait(session, row, refusal, now)
    waits = pauses(turn, refusal, now)
    if waits is None:
        return Stop() if refusal.code == "token" else GoOn()
    with turn.begin() as session:
        waits(session)
    return Stop()


def give_up_or_wait(
    session: Session, row: PendingMessage, refusal: SendRefused, now: datetime
) -> None:
    """What a definite refusal means for the mail."""
    row.lease_until, row.mime, row.last_error = None, None, refusal.sentence
    match refusal.code:
        case "rate":
            because = Because(Reason.PROVIDER_LIMIT)
            move(session, row, PendingState.SCHEDULED, now=now, because=because)
        case "unreachable":
            move(session, row, PendingState.SCHEDULED, now=now)
        case "thread" if row.thread_id is not None:
            forget_thread(session, row, now)
        case "token":
            because = Because(Reason.MAILBOX_DISCONNECTED)
            move(session, row, PendingState.HELD, now=now, because=because)
        case _:
            because = Because(Reason.REFUSED_BY_PROVIDER, {"answer": refusal.sentence})
            move(session, row, PendingState.FAILED, now=now, because=because)


def forget_thread(session: Session, row: PendingMessage, now: datetime) -> None:
    """The thread is no longer in the mailbox: the answer goes out without it. Its references still
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


def pauses(turn: Turn, refusal: SendRefused, now: datetime) -> Callable[[Session], None] | None:
    """What a refusal means for the whole mailbox, if anything."""
    if refusal.code == "rate":
        until = refusal.after or now + RATE_WAIT
        return lambda session: send_leases.pause(session, turn.mailbox_id, until)
    if refusal.code == "unreachable":
        return lambda session: send_leases.look_again(
            session, turn.mailbox_id, now + UNREACHABLE_WAIT
        )
    return None


def unknown(turn: Turn, claimed: Claimed, doubt: SendUnknown) -> None:
    """It may have left. Nothing is posted again; SENT mail is looked through later."""
    now = turn.deps.now()
    with turn.begin() as session:
        row = locked(session, claimed.pending_id)
        if not is_ours(row, claimed):
            return
        row.last_error, row.lease_until = doubt.sentence, now + FIRST_LOOK
        move(session, row, PendingState.UNKNOWN, now=now)


def hold(
    turn: Turn, pending_id: PendingId, error: RapportError, *, claimed: Claimed | None = None
) -> None:
    """The mailbox does not work: the mail waits for its owner, if it still stands where we left
    it. One that is looked for meanwhile, or was claimed by another, is theirs.
    """
    scope = isinstance(error, ScopeMissing)
    reason = Reason.SCOPE_MISSING if scope else Reason.MAILBOX_DISCONNECTED
    now = turn.deps.now()
    with turn.begin() as session:
        row = locked(session, pending_id)
        waits = row.state == PendingState.SCHEDULED.value
        if is_ours(row, claimed) if claimed else waits:
            row.last_error, row.lease_until, row.mime = error.sentence, None, None
            move(session, row, PendingState.HELD, now=now, because=Because(reason))
    with turn.begin() as session:
        mailboxes.note_error(session, turn.mailbox_id, error.sentence, now)


def is_ours(row: PendingMessage, claimed: Claimed) -> bool:
    """Whether the row still stands where this attempt left it; sync or a look may have been
    faster.
    """
    return row.state == PendingState.SENDING.value and row.attempts == claimed.attempt
