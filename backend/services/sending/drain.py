"""Draining one mailbox: the first in line is decided, again and again, until none may leave now."""

from time import monotonic

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.pending import PendingState
from backend.domain.send_decision import (
    MAILBOX_WIDE,
    Discard,
    Fail,
    Hold,
    Postpone,
    SendNow,
)
from backend.domain.send_timing import queue_order
from backend.domain.sending import decide
from backend.errors import MailboxTrouble, TryLater
from backend.services.deps import Deps
from backend.services.sending.attempt import attempt
from backend.services.sending.facts import facts_of
from backend.store import mailboxes, send_leases
from backend.store.models import PendingMessage
from backend.store.outbox.gate import passage
from backend.store.outbox.planning import replan
from backend.store.outbox.rows import Because, letter_of, locked, move, scheduled

log = structlog.get_logger(__name__)

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next."""

ENDS_AS = {
    Hold: PendingState.HELD,
    Discard: PendingState.DISCARDED,
    Fail: PendingState.FAILED,
}
STEPS = 500
"""Decisions of one job, as a second bound."""


def send_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Send what is due from a mailbox, unless another process is doing it."""
    owner = deps.random_bytes(8).hex()
    with deps.store.begin(workspace_id) as session:
        if not send_leases.take(session, mailbox_id, owner, deps.now()):
            return
    started = monotonic()
    try:
        for _ in range(STEPS):
            if monotonic() - started > BUDGET:
                break
            if not step(deps, workspace_id, mailbox_id):
                break
            with deps.store.begin(workspace_id) as session:
                send_leases.take(session, mailbox_id, owner, deps.now())
    except (TryLater, MailboxTrouble) as error:
        log.warning("sending_stopped", mailbox_id=mailbox_id, why=type(error).__name__)
    finally:
        with deps.store.begin(workspace_id) as session:
            replan(session, mailbox_id, deps.now())
            send_leases.give_back(session, mailbox_id, owner)


def step(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> bool:
    """Decide the first in line and carry it out. Returns whether there may be more to do."""
    with deps.store.begin(workspace_id) as session:
        row = first_in_line(session, deps, mailbox_id)
        if row is None:
            return False
        way = passage(session, mailboxes.get(session, mailbox_id), deps.now())
        decision = decide(facts_of(session, deps, row, way), deps.now(), rules=way.rules)
        match decision:
            case Postpone():
                return postpone(session, row, decision)
            case Hold(reason, details) | Discard(reason, details) | Fail(reason, details):
                because = Because(reason, details)
                move(session, row, ENDS_AS[type(decision)], now=deps.now(), because=because)
                return True
            case SendNow():
                pass
    return attempt(deps, workspace_id, row, way)


def first_in_line(session: Session, deps: Deps, mailbox_id: MailboxId) -> PendingMessage | None:
    """The row that leaves first of those whose time has come, locked."""
    ready = [row for row in scheduled(session, mailbox_id) if row.not_before <= deps.now()]
    if not ready:
        return None
    first = min(ready, key=lambda row: queue_order(letter_of(row)))
    row = locked(session, first.id)  # type: ignore[arg-type]
    return row if row.state == PendingState.SCHEDULED.value else None


def postpone(session: Session, row: PendingMessage, decision: Postpone) -> bool:
    """Put one mail off, or the whole mailbox when a limit binds them all."""
    row.reason, row.reason_details = decision.reason.value, dict(decision.details)
    if decision.reason in MAILBOX_WIDE:
        send_leases.look_again(session, MailboxId(row.mailbox_id), decision.until)
        return False
    row.not_before = decision.until
    return True
