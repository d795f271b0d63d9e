"""Drains one mailbox: decides the first message in line, repeatedly, until none may leave now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
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
from backend.services.lease_renewal import renewing
from backend.services.planning import replan
from backend.services.sending.attempt import SendAttempt, attempt
from backend.services.sending.facts import facts_of
from backend.services.sending.mime import build
from backend.services.sending.send_lease import (
    Continue,
    LeaseHeld,
    SendLease,
    Sent,
    SentLast,
    Step,
    Stop,
)
from backend.services.transitions import Because, move
from backend.store import send_leases
from backend.store.models import PendingMessage
from backend.store.outbox.looking import InOtherHands, NextDue, NothingDue, look
from backend.store.outbox.rows import locked

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
    lease = SendLease(
        deps=deps,
        workspace_id=workspace_id,
        mailbox_id=mailbox_id,
        owner=deps.random_bytes(8).hex(),
    )

    def renew(session: Session) -> None:
        send_leases.keep(session, mailbox_id, owner=lease.owner, now=deps.now())

    try:
        with renewing(deps, workspace_id, renew):
            drain(lease)
    except TryLater as error:
        log.warning("sending_stopped", mailbox_id=mailbox_id, why=type(error).__name__)
        end(lease, error.after)


def drain(lease: SendLease) -> None:
    """Take one step after the other, as long as there is something to do and time for it.

    A process that is stopping does so between two steps.
    """
    started, left = monotonic(), False
    ended: Step = Continue()
    try:
        for _ in range(STEPS):
            if monotonic() - started > BUDGET or lease.deps.stopping():
                break
            ended = step(lease)
            left = left or isinstance(ended, Sent | SentLast)
            if not isinstance(ended, Continue | Sent):
                break
        conclude(lease, ended, left=left)
    finally:
        if left:  # the copies in SENT mail are fetched and linked
            lease.deps.jobs.enqueue(JobName.SYNC_MAILBOX, lease.workspace_id, lease.mailbox_id)


def conclude(lease: SendLease, ended: Step, *, left: bool) -> None:
    """Leave the mailbox in the state of the last step. `left`: messages left before it stopped."""
    match ended:
        case LeaseHeld():
            return
        case SentLast(waits):
            plan_rest(lease, waits=waits)
        case Stop(look_at):
            end(lease, look_at)
        case Continue() | Sent():
            end(lease, works=left)


def step(lease: SendLease) -> Step:
    """Read the first in line, decide it, and apply the decision."""
    deps, now = lease.deps, lease.deps.now()
    seen = look(deps.store, lease.workspace_id, lease.mailbox_id, owner=lease.owner, now=now)
    match seen:
        case InOtherHands():
            return LeaseHeld()
        case NothingDue():
            return Stop()
        case NextDue():
            decision = decide(facts_of(lease, seen), now, rules=seen.way.rules)
            return carry_out(lease, seen, decision, now)


def carry_out(lease: SendLease, seen: NextDue, decision: Decision, now: datetime) -> Step:
    """Apply a decision. A message that waits with its mailbox keeps its place."""
    match decision:
        case SendNow():
            return leave(lease, seen, now)
        case Postpone(until, reason) if reason in MAILBOX_WIDE:
            return Stop(until)
        case Postpone(until, reason, details):
            with still(lease, seen) as (_, row):
                if row is not None:
                    row.reason, row.reason_details = reason, dict(details)
                    row.not_before = until
        case Hold(reason, details) | Discard(reason, details) | Fail(reason, details):
            with still(lease, seen) as (session, row):
                if row is not None:
                    because = Because(reason, details)
                    move(session, row, ENDS_AS[type(decision)], now=now, because=because)
    return Continue()


def leave(lease: SendLease, seen: NextDue, now: datetime) -> Step:
    """Send it with its present bytes; it fails when no message can hold its content."""
    try:
        built = build(lease, seen)
    except (InputError, SendRefused) as error:
        answer = {"answer": error.sentence}
        return carry_out(lease, seen, Fail(Reason.REFUSED_BY_PROVIDER, answer), now)
    return attempt(lease, SendAttempt(seen, built))


@contextmanager
def still(lease: SendLease, seen: NextDue) -> Iterator[tuple[Session, PendingMessage | None]]:
    """The row for a change, or None when it has changed since it was seen."""
    with lease.begin() as session:
        row = locked(session, seen.mail.id)
        same = row.version == seen.mail.version and row.state == PendingState.SCHEDULED
        yield session, row if same else None


def end(lease: SendLease, look_at: datetime | None = None, *, works: bool = False) -> None:
    """Release the mailbox, and show when the rest will leave."""
    asked = send_leases.giving_back(
        lease.mailbox_id, owner=lease.owner, look_at=look_at, works=works
    )
    plan_rest(lease, waits=lease.deps.store.write(lease.workspace_id, asked))


def plan_rest(lease: SendLease, *, waits: bool) -> None:
    """Forecast the messages that still wait."""
    if waits:
        with lease.begin() as session:
            replan(session, lease.mailbox_id, lease.deps.now())
