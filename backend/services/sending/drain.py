"""Draining one mailbox: the first in line is decided, again and again, until none may leave now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.domain.sending.rule import (
    MAILBOX_WIDE,
    Decision,
    Discard,
    Fail,
    Hold,
    Postpone,
    SendNow,
    decide,
)
from backend.errors import InputError, SendRefused, TryLater
from backend.jobs import JobName
from backend.services.deps import Deps
from backend.services.heart import beating
from backend.services.sending.attempt import Ticket, attempt
from backend.services.sending.facts import facts_of
from backend.services.sending.mime import build
from backend.services.sending.turn import GoOn, Left, LeftLast, Step, Stop, Taken, Turn
from backend.store import send_leases
from backend.store.models import PendingMessage
from backend.store.outbox.looking import InOtherHands, Look, NothingDue, look
from backend.store.outbox.planning import replan
from backend.store.outbox.rows import Because, locked, move

log = structlog.get_logger(__name__)

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next."""

STEPS = 500
"""Decisions of one job, as a second bound."""


ENDS_AS = {
    Hold: PendingState.HELD,
    Discard: PendingState.DISCARDED,
    Fail: PendingState.FAILED,
}


def send_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Send what is due from a mailbox, unless another process is doing it."""
    turn = Turn(
        deps=deps,
        workspace_id=workspace_id,
        mailbox_id=mailbox_id,
        owner=deps.random_bytes(8).hex(),
    )

    def renew(session: Session) -> None:
        send_leases.keep(session, mailbox_id, owner=turn.owner, now=deps.now())

    try:
        with beating(deps, workspace_id, renew):
            drain(turn)
    except TryLater as error:
        log.warning("sending_stopped", mailbox_id=mailbox_id, why=type(error).__name__)
        end(turn, error.after)


def drain(turn: Turn) -> None:
    """Take one step after the other, for as long as there is something to do and time for it.

    A process that is to end does so between two steps.
    """
    started, left = monotonic(), False
    ended: Step = GoOn()
    try:
        for _ in range(STEPS):
            if monotonic() - started > BUDGET or turn.deps.stopping():
                break
            ended = step(turn)
            left = left or isinstance(ended, Left | LeftLast)
            if not isinstance(ended, GoOn | Left):
                break
        conclude(turn, ended, left=left)
    finally:
        if left:  # the copies in SENT mail are fetched and linked
            turn.deps.jobs.enqueue(JobName.SYNC_MAILBOX, turn.workspace_id, turn.mailbox_id)


def conclude(turn: Turn, ended: Step, *, left: bool) -> None:
    """Leave the mailbox as the last step left it. What stopped it came after what `left`."""
    match ended:
        case Taken():
            return
        case LeftLast(waits):
            plan_rest(turn, waits=waits)
        case Stop(look_at):
            end(turn, look_at)
        case GoOn() | Left():
            end(turn, works=left)


def step(turn: Turn) -> Step:
    """See the first in line, decide it, and carry the decision out."""
    deps, now = turn.deps, turn.deps.now()
    seen = look(deps.store, turn.workspace_id, turn.mailbox_id, owner=turn.owner, now=now)
    match seen:
        case InOtherHands():
            return Taken()
        case NothingDue():
            return Stop()
        case Look():
            decision = decide(facts_of(turn, seen), now, rules=seen.way.rules)
            return carry_out(turn, seen, decision, now)


def carry_out(turn: Turn, seen: Look, decision: Decision, now: datetime) -> Step:
    """What a decision changes. A mail that waits with its mailbox keeps its place."""
    match decision:
        case SendNow():
            return leave(turn, seen, now)
        case Postpone(until, reason) if reason in MAILBOX_WIDE:
            return Stop(until)
        case Postpone(until, reason, details):
            with still(turn, seen) as (_, row):
                if row is not None:
                    row.reason, row.reason_details = reason, dict(details)
                    row.not_before = until
        case Hold(reason, details) | Discard(reason, details) | Fail(reason, details):
            with still(turn, seen) as (session, row):
                if row is not None:
                    because = Because(reason, details)
                    move(session, row, ENDS_AS[type(decision)], now=now, because=because)
    return GoOn()


def leave(turn: Turn, seen: Look, now: datetime) -> Step:
    """Send it with the bytes it has now; it has failed when no mail can hold what it says."""
    try:
        built = build(turn, seen)
    except (InputError, SendRefused) as error:
        answer = {"answer": error.sentence}
        return carry_out(turn, seen, Fail(Reason.REFUSED_BY_PROVIDER, answer), now)
    return attempt(turn, Ticket(seen, built))


@contextmanager
def still(turn: Turn, seen: Look) -> Iterator[tuple[Session, PendingMessage | None]]:
    """The row for a change, or nothing when it is no longer as it was seen."""
    with turn.begin() as session:
        row = locked(session, seen.mail.id)
        same = row.version == seen.mail.version and row.state == PendingState.SCHEDULED
        yield session, row if same else None


def end(turn: Turn, look_at: datetime | None = None, *, works: bool = False) -> None:
    """Let others send, and show when the rest will leave."""
    asked = send_leases.giving_back(turn.mailbox_id, owner=turn.owner, look_at=look_at, works=works)
    [waits] = turn.deps.store.at_once(turn.workspace_id, asked)
    plan_rest(turn, waits=waits)


def plan_rest(turn: Turn, *, waits: bool) -> None:
    """Show when what still waits will leave."""
    if waits:
        with turn.begin() as session:
            replan(session, turn.mailbox_id, turn.deps.now())
