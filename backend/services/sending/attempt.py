"""One attempt to send: a place under the limits, the row committed as `sending`, one POST, the
outcome.

Everything that can fail harmlessly comes before the claim, so that after it only the call itself
can.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.domain.ids import PendingId
from backend.errors import (
    ConfigurationError,
    LimiterUnavailable,
    MailboxDisconnected,
    MailboxTrouble,
    ProviderUnavailable,
    RapportError,
    SendRefused,
    SendUnknown,
    TryLater,
)
from backend.google.apis import Access
from backend.limits import Reserved, Wait
from backend.services.pacing import heed, pacer
from backend.services.sending import outcome
from backend.services.sending.mime import Built
from backend.services.sending.turn import Claimed, GoOn, Left, LeftLast, Step, Stop, Turn
from backend.store import credentials
from backend.store.outbox import claiming
from backend.store.outbox.claiming import Claim
from backend.store.outbox.looking import Look
from backend.store.send_leases import giving_back

log = structlog.get_logger(__name__)

SEND_UNITS = 100
"""Quota units of one send (Google's table)."""

PATIENCE = timedelta(seconds=20)
"""A mail stands in line longer than an import does, so that an import cannot keep it waiting."""


@dataclass(frozen=True)
class Ticket:
    """The mail that was decided to leave now, as it was seen, and the bytes it will leave with."""

    seen: Look
    built: Built

    @property
    def pending_id(self) -> PendingId:
        """Which mail it is."""
        return self.seen.mail.id


def attempt(turn: Turn, ticket: Ticket) -> Step:
    """Try to send the mail."""
    try:
        access = open_access(turn, ticket)
    except MailboxTrouble as error:
        return outcome.mailbox_refused(turn, error)
    except (ProviderUnavailable, ConfigurationError) as error:
        return outcome.not_reached(turn, error)
    place = reserve(turn, ticket)
    if isinstance(place, Wait):
        return Stop(place.until)
    claimed = claim(turn, ticket)
    release(turn, ticket)
    return post(turn, access, claimed) if claimed else GoOn()


def open_access(turn: Turn, ticket: Ticket) -> Access:
    """A mailbox that accepts us now. Raises what it means that there is none."""
    sealed = ticket.seen.way.sender.sealed_token
    token = turn.deps.sealer.open(sealed, context=credentials.context(turn.mailbox_id))
    access = Access(turn.mailbox_id, token)
    turn.deps.google.prepare(access)
    return access


def reserve(turn: Turn, ticket: Ticket) -> Reserved | Wait:
    """Take the units and a place under the limits, or learn when there will be one."""
    pacer(turn.deps, turn.mailbox_id, patience=PATIENCE)(SEND_UNITS)
    gate = ticket.seen.way.gate
    return turn.deps.limits.reserve_send(
        turn.mailbox_id,
        ticket.pending_id,
        limits=gate.limits,
        now=turn.deps.now(),
        departures=gate.departures,
    )


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
    wanted = Claim(ticket.pending_id, ticket.seen.mail.version, turn.owner, mime, thread_id)
    number = claiming.claim(turn.deps.store, turn.workspace_id, wanted, turn.deps.now())
    if number is None:
        return None
    return Claimed(
        pending_id=ticket.pending_id,
        attempt=number,
        mime=mime,
        thread_id=thread_id,
        was_last=not ticket.seen.more,
    )


def post(turn: Turn, access: Access, claimed: Claimed) -> Step:
    """The one POST, and what it came to."""
    try:
        ids = turn.deps.google.send(access, claimed.mime, thread_id=claimed.thread_id)
    except SendUnknown as doubt:
        return outcome.unknown(turn, claimed, doubt)
    except (SendRefused, MailboxTrouble, TryLater, ConfigurationError) as error:
        return not_taken(turn, claimed, error)
    ends = [giving_back(turn.mailbox_id, owner=turn.owner, works=True)] if claimed.was_last else []
    waits = outcome.sent(turn.deps, turn.workspace_id, claimed.pending_id, ids, before=ends)
    log.info("mail_sent", mailbox_id=turn.mailbox_id, pending_id=str(claimed.pending_id))
    return LeftLast(bool(waits[0])) if waits else Left()


def not_taken(turn: Turn, claimed: Claimed, error: RapportError) -> Step:
    """It surely did not leave: refused, or given up before it was posted."""
    match error:
        case SendRefused():
            heed(turn.deps, error)
            return outcome.refused(turn, claimed, error)
        case MailboxDisconnected():  # from the token endpoint, after a 401
            outcome.give_back(turn, claimed, error.sentence)
            return outcome.mailbox_refused(turn, error)
        case MailboxTrouble():
            return outcome.sending_refused(turn, claimed, error)
        case _:  # of the token, too
            refusal = SendRefused(error.sentence, code="unreachable")
            return outcome.refused(turn, claimed, refusal)
