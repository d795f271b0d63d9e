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
    MailboxTrouble,
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
        return PendingId(self.seen.mail.id)


def attempt(turn: Turn, ticket: Ticket) -> Step:
    """Try to send the mail."""
    access = open_access(turn, ticket)
    if access is None:
        return Stop()
    place = reserve(turn, ticket)
    if isinstance(place, Wait):
        return Stop(place.until)
    claimed = claim(turn, ticket)
    release(turn, ticket)
    return post(turn, access, claimed) if claimed else GoOn()


def open_access(turn: Turn, ticket: Ticket) -> Access | None:
    """A mailbox that accepts us now, or nothing when the mail had to be held."""
    sealed = ticket.seen.way.sender.sealed_token
    token = turn.deps.sealer.open(sealed, context=credentials.context(turn.mailbox_id))
    access = Access(turn.mailbox_id, token)
    try:
        turn.deps.google.prepare(access)
    except MailboxTrouble as error:
        outcome.hold(turn, ticket.pending_id, error)
        return None
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
        outcome.unknown(turn, claimed, doubt)
        return GoOn()
    except SendRefused as refusal:
        heed(turn.deps, refusal)
        return outcome.refused(turn, claimed, refusal)
    except MailboxTrouble as error:
        outcome.hold(turn, claimed.pending_id, error, claimed=claimed)
        return Stop()
    except (TryLater, ConfigurationError) as error:  # from the token, before anything was posted
        return outcome.refused(turn, claimed, SendRefused(error.sentence, code="unreachable"))
    ends = [giving_back(turn.mailbox_id, owner=turn.owner)] if claimed.was_last else []
    waits = outcome.sent(turn.deps, turn.workspace_id, claimed.pending_id, ids, before=ends)
    log.info("mail_sent", mailbox_id=turn.mailbox_id, pending_id=str(claimed.pending_id))
    return LeftLast(bool(waits[0])) if waits else Left()
