"""One attempt to send: a place under the limits, the row committed as `sending`, one POST, the
outcome.

Everything that can fail harmlessly comes before the claim, so that after it only the call itself
can.
"""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from backend.domain.ids import PendingId
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason
from backend.domain.send_facts import MailboxState
from backend.errors import (
    ConfigurationError,
    InputError,
    LimiterUnavailable,
    MailboxTrouble,
    SendRefused,
    SendUnknown,
    TryLater,
)
from backend.google.apis import Access
from backend.limits import Wait
from backend.services.pacing import pacer
from backend.services.sending import outcome
from backend.services.sending.mime import build
from backend.services.sending.turn import Claimed, Ticket, Turn
from backend.store import credentials, mailboxes, send_leases
from backend.store.models import Mailbox, PendingMessage
from backend.store.outbox.gate import Passage, state_of
from backend.store.outbox.rows import Because, locked, move, note_step

log = structlog.get_logger(__name__)

SEND_UNITS = 100
"""Quota units of one send (Google's table)."""


def attempt(turn: Turn, ticket: Ticket, way: Passage) -> bool:
    """Try to send the mail. Returns whether the mailbox may send more now."""
    access = open_access(turn, ticket, way.mailbox)
    if access is None or not reserve(turn, ticket, way):
        return False
    claimed, goes_on = claim(turn, ticket, way)
    release(turn, ticket)
    if claimed is None:
        return goes_on
    return post(turn, access, claimed)


def open_access(turn: Turn, ticket: Ticket, mailbox: Mailbox) -> Access | None:
    """A mailbox that accepts us now, or nothing when the mail had to be held."""
    sealed = mailbox.sealed_token or b""
    token = turn.deps.sealer.open(sealed, context=credentials.context(mailbox.id))
    access = Access(turn.mailbox_id, token)
    try:
        turn.deps.google.prepare(access)
    except MailboxTrouble as error:
        outcome.hold(turn, ticket.pending_id, error)
        return None
    return access


def reserve(turn: Turn, ticket: Ticket, way: Passage) -> bool:
    """Take the units and a place under the limits, or note when there will be one."""
    pacer(turn.deps, turn.mailbox_id)(SEND_UNITS)
    place = turn.deps.limits.reserve_send(
        turn.mailbox_id,
        ticket.pending_id,
        limits=way.gate.limits,
        now=turn.deps.now(),
        departures=way.gate.departures,
    )
    if isinstance(place, Wait):
        with turn.begin() as session:
            send_leases.look_again(session, turn.mailbox_id, place.until)
        return False
    return True


def release(turn: Turn, ticket: Ticket) -> None:
    """Give the place in Redis back: from the claim on, Postgres counts the attempt itself.

    A Redis that is away now must not stop a mail that is already claimed.
    """
    try:
        turn.deps.limits.release_send(turn.mailbox_id, ticket.pending_id)
    except LimiterUnavailable:
        log.warning("place_not_released", mailbox_id=turn.mailbox_id)


def claim(turn: Turn, ticket: Ticket, way: Passage) -> tuple[Claimed | None, bool]:
    """Freeze the bytes and commit `sending`. Nothing is claimed, and the flag says whether to go
    on, when the mail was changed since it was decided or the mailbox is no longer ours to send
    from.
    """
    now = turn.deps.now()
    with turn.begin() as session:
        row = locked(session, ticket.pending_id)
        mailbox = mailboxes.get(session, turn.mailbox_id)
        if mailbox.send_lease_owner != turn.owner:
            return None, False
        unchanged = row.version == ticket.version and row.not_before <= now
        if row.state != PendingState.SCHEDULED.value or not unchanged:
            return None, True
        if state_of(mailbox) is not MailboxState.READY:
            return None, True
        try:
            return take(session, row, way, now), True
        except (InputError, SendRefused) as error:
            because = Because(Reason.REFUSED_BY_PROVIDER, {"answer": error.sentence})
            move(session, row, PendingState.FAILED, now=now, because=because)
            return None, True


def take(session: Session, row: PendingMessage, way: Passage, now: datetime) -> Claimed:
    """The row becomes `sending`, with everything that settles a doubt later."""
    built = build(session, row, way)
    row.mime, row.thread_id = built.mime, built.thread_id
    row.state, row.reason, row.reason_details = PendingState.SENDING.value, None, {}
    row.attempts += 1
    row.attempted_at, row.lease_until = now, now + send_leases.LEASE
    row.before_cursor, row.negatives = way.mailbox.cursor, 0
    note_step(session, row, now=now, detail=f"attempt {row.attempts}")
    return Claimed(
        pending_id=PendingId(row.id),
        attempt=row.attempts,
        mime=built.mime,
        thread_id=built.thread_id,
    )


def post(turn: Turn, access: Access, claimed: Claimed) -> bool:
    """The one POST, and what it came to. Returns whether the mailbox may send more now."""
    try:
        ids = turn.deps.google.send(access, claimed.mime, thread_id=claimed.thread_id)
    except SendUnknown as doubt:
        outcome.unknown(turn, claimed, doubt)
        return True
    except SendRefused as refusal:
        return outcome.refused(turn, claimed, refusal)
    except MailboxTrouble as error:
        outcome.hold(turn, claimed.pending_id, error)
        return False
    except (TryLater, ConfigurationError) as error:  # from the token, before anything was posted
        return outcome.refused(turn, claimed, SendRefused(error.sentence, code="unreachable"))
    outcome.sent(turn.deps, turn.workspace_id, claimed.pending_id, ids)
    log.info("mail_sent", mailbox_id=turn.mailbox_id, pending_id=str(claimed.pending_id))
    return True
