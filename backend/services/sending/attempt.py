"""One attempt to send: a place under the limits, the row committed as `sending`, one POST, the
outcome.

Everything that can fail harmlessly comes before the claim, so that after it only the call itself
can.
"""

import structlog

from backend.errors import (
    ConfigurationError,
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
from backend.services.sending.turn import Claimed, Ticket, Turn
from backend.store import credentials, send_leases
from backend.store.models import Mailbox
from backend.store.outbox import claiming
from backend.store.outbox.claiming import Claim
from backend.store.outbox.gate import Passage

log = structlog.get_logger(__name__)

SEND_UNITS = 100
"""Quota units of one send (Google's table)."""


def attempt(turn: Turn, ticket: Ticket, way: Passage) -> bool:
    """Try to send the mail. Returns whether the mailbox may send more now."""
    access = open_access(turn, ticket, way.mailbox)
    if access is None or not reserve(turn, ticket, way):
        return False
    claimed = claim(turn, ticket)
    release(turn, ticket)
    return post(turn, access, claimed) if claimed else True


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


def claim(turn: Turn, ticket: Ticket) -> Claimed | None:
    """Commit `sending` with the frozen bytes, or nothing: then the mail is decided anew."""
    mime, thread_id = ticket.built
    wanted = Claim(ticket.pending_id, ticket.version, turn.owner, mime, thread_id)
    with turn.begin() as session:
        number = claiming.claim(session, wanted, turn.deps.now())
    if number is None:
        return None
    return Claimed(pending_id=ticket.pending_id, attempt=number, mime=mime, thread_id=thread_id)


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
