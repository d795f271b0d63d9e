"""Draining one mailbox: the first in line is decided, again and again, until none may leave now."""

from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.domain.pending import PendingState
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
from backend.errors import MailboxTrouble, TryLater
from backend.services.deps import Deps
from backend.services.sending.attempt import attempt
from backend.services.sending.facts import facts_of
from backend.services.sending.turn import Ticket, Turn
from backend.store import mailboxes, send_leases
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
    with turn.begin() as session:
        if not send_leases.take(session, mailbox_id, turn.owner, deps.now()):
            return
    try:
        drain(turn)
    except (TryLater, MailboxTrouble) as error:
        log.warning("sending_stopped", mailbox_id=mailbox_id, why=type(error).__name__)
    finally:
        end(turn)


def drain(turn: Turn) -> None:
    """Take one step after the other, for as long as there is something to do and time for it."""
    started = monotonic()
    for _ in range(STEPS):
        if monotonic() - started > BUDGET or not step(turn):
            return


def end(turn: Turn) -> None:
    """Let others send, and show when the rest will leave. Rows of both are never locked at once."""
    with turn.begin() as session:
        send_leases.give_back(session, turn.mailbox_id, turn.owner)
    with turn.begin() as session:
        replan(session, turn.mailbox_id, turn.deps.now())


def step(turn: Turn) -> bool:
    """Decide the first in line and carry it out. Returns whether there may be more to do."""
    now = turn.deps.now()
    with turn.begin() as session:
        row = first_in_line(session, turn.mailbox_id, now)
        if row is None:
            return False
        way = passage(session, mailboxes.get(session, turn.mailbox_id), now)
        decision = decide(facts_of(session, turn.deps, row, way), now, rules=way.rules)
        note(session, row, decision, now)
    return carry_out(turn, row, decision, way)


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


def carry_out(turn: Turn, row: PendingMessage, decision: Decision, way: Passage) -> bool:
    """What a decision means for the mailbox. Returns whether there may be more to do."""
    ticket = Ticket(PendingId(row.id), row.version)
    match decision:
        case SendNow():
            return attempt(turn, ticket, way)
        case Postpone(until, reason) if reason in MAILBOX_WIDE:
            with turn.begin() as session:
                send_leases.look_again(session, turn.mailbox_id, until)
            return False
        case _:
            return True
