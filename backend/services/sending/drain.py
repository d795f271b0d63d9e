"""Draining one mailbox: the first in line is decided, again and again, until none may leave now."""

from datetime import datetime
from enum import StrEnum
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason
from backend.domain.send_decision import (
    MAILBOX_WIDE,
    Decision,
    Discard,
    Fail,
    Hold,
    Postpone,
    SendNow,
)
from backend.domain.sending import decide
from backend.errors import InputError, MailboxTrouble, SendRefused, TryLater
from backend.services.deps import Deps
from backend.services.sending.attempt import attempt
from backend.services.sending.facts import facts_of
from backend.services.sending.mime import build
from backend.services.sending.turn import Ticket, Turn
from backend.store import send_leases
from backend.store.models import PendingMessage
from backend.store.outbox.gate import Passage, passage
from backend.store.outbox.planning import replan
from backend.store.outbox.rows import Because, first_in_line, move

log = structlog.get_logger(__name__)

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next. With the longest POST it stays
below the lease.
"""

STEPS = 500
"""Decisions of one job, as a second bound."""


class Step(StrEnum):
    """How a step ended. `STOPPED` has given the mailbox back already, or never had it."""

    GO_ON = "go_on"
    STOP = "stop"
    STOPPED = "stopped"


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
    try:
        drain(turn)
    except (TryLater, MailboxTrouble) as error:
        log.warning("sending_stopped", mailbox_id=mailbox_id, why=type(error).__name__)
        stop(turn)


def drain(turn: Turn) -> None:
    """Take one step after the other, for as long as there is something to do and time for it."""
    started = monotonic()
    for _ in range(STEPS):
        if monotonic() - started > BUDGET:
            break
        match step(turn):
            case Step.STOPPED:
                return
            case Step.STOP:
                break
            case Step.GO_ON:
                continue
    stop(turn)


def step(turn: Turn) -> Step:
    """Decide the first in line and carry it out."""
    now = turn.deps.now()
    with turn.begin() as session:
        mailbox = send_leases.take(session, turn.mailbox_id, turn.owner, now)
        if mailbox is None:
            return Step.STOPPED
        row = first_in_line(session, turn.mailbox_id, now)
        if row is None:
            end(session, turn)
            return Step.STOPPED
        way = passage(session, mailbox, now)
        decision = decide(facts_of(session, turn.deps, row, way), now, rules=way.rules)
        note(session, row, decision, now)
        if isinstance(decision, Postpone) and decision.reason in MAILBOX_WIDE:
            send_leases.look_again(session, turn.mailbox_id, decision.until)
            end(session, turn)
            return Step.STOPPED
        ticket = ticket_for(session, row, way, now) if isinstance(decision, SendNow) else None
    if ticket is None or attempt(turn, ticket, way):
        return Step.GO_ON
    return Step.STOP


def ticket_for(session: Session, row: PendingMessage, way: Passage, now: datetime) -> Ticket | None:
    """The mail with the bytes it will leave with; it has failed when no mail can hold it."""
    try:
        return Ticket(PendingId(row.id), row.version, build(session, row, way))
    except (InputError, SendRefused) as error:
        because = Because(Reason.REFUSED_BY_PROVIDER, {"answer": error.sentence})
        move(session, row, PendingState.FAILED, now=now, because=because)
        return None


def stop(turn: Turn) -> None:
    """End the turn in a transaction of its own."""
    with turn.begin() as session:
        end(session, turn)


def end(session: Session, turn: Turn) -> None:
    """Let others send, and show when the rest will leave."""
    send_leases.give_back(session, turn.mailbox_id, turn.owner)
    replan(session, turn.mailbox_id, turn.deps.now())


def note(session: Session, row: PendingMessage, decision: Decision, now: datetime) -> None:
    """What a decision changes on the row itself. A mail that waits with its mailbox keeps its
    place.
    """
    match decision:
        case SendNow():
            return
        case Postpone(until, reason, details):
            row.reason, row.reason_details = reason.value, dict(details)
            if reason not in MAILBOX_WIDE:
                row.not_before = until
        case Hold(reason, details) | Discard(reason, details) | Fail(reason, details):
            because = Because(reason, details)
            move(session, row, ENDS_AS[type(decision)], now=now, because=because)
