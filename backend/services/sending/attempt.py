"""One attempt to send: a slot under the limits, the row committed as `sending`, one POST, the
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
    RateLimited,
    SendRefused,
    SendUnknown,
    TryLater,
)
from backend.google.apis import Access
from backend.google.posting import SentIds
from backend.limits import Reserved, Wait
from backend.rate_limit import pacer, pause_project
from backend.services.client_check import ask_soon
from backend.services.sending import outcome
from backend.services.sending.mime import Built
from backend.services.sending.send_lease import (
    Claimed,
    Continue,
    SendLease,
    Sent,
    SentLast,
    Step,
    Stop,
)
from backend.store import credentials
from backend.store.outbox import claiming
from backend.store.outbox.claiming import Claim
from backend.store.outbox.looking import NextDue

log = structlog.get_logger(__name__)

SEND_UNITS = 100
"""Quota units of one send (Google's table)."""

PATIENCE = timedelta(seconds=20)
"""A message waits longer for quota than an import does, so that an import cannot starve it."""


@dataclass(frozen=True)
class SendAttempt:
    """The message that was decided to leave now, as it was seen, and its bytes."""

    seen: NextDue
    built: Built

    @property
    def pending_id(self) -> PendingId:
        """Which mail it is."""
        return self.seen.mail.id


def attempt(lease: SendLease, ticket: SendAttempt) -> Step:
    """Try to send the mail."""
    try:
        access = open_access(lease, ticket)
    except MailboxTrouble as error:
        return outcome.mailbox_refused(lease, error)
    except (ProviderUnavailable, ConfigurationError) as error:
        return outcome.not_reached(lease, error)
    try:
        place = reserve(lease, ticket)
    except RateLimited as error:
        return outcome.over_rate(lease, error)
    if isinstance(place, Wait):
        return Stop(place.until)
    claimed = claim(lease, ticket)
    release(lease, ticket)
    return post(lease, access, claimed) if claimed else Continue()


def open_access(lease: SendLease, ticket: SendAttempt) -> Access:
    """A mailbox that accepts us now. Raises the reason when there is none."""
    sealed = ticket.seen.way.sender.sealed_token
    token = lease.deps.sealer.open(sealed, context=credentials.context(lease.mailbox_id))
    access = Access(lease.mailbox_id, token)
    lease.deps.google.prepare(access)
    return access


def reserve(lease: SendLease, ticket: SendAttempt) -> Reserved | Wait:
    """Take the units and a slot under the limits, or learn when there will be one."""
    pacer(lease.deps, lease.mailbox_id, patience=PATIENCE)(SEND_UNITS)
    gate = ticket.seen.way.gate
    return lease.deps.limits.reserve_send(
        lease.mailbox_id,
        ticket.pending_id,
        limits=gate.limits,
        now=lease.deps.now(),
        departures=gate.departures,
    )


def release(lease: SendLease, ticket: SendAttempt) -> None:
    """Return the slot in Redis: from the claim on, Postgres counts the attempt itself.

    A Redis outage must not stop a message that is already claimed.
    """
    try:
        lease.deps.limits.release_send(lease.mailbox_id, ticket.pending_id)
    except LimiterUnavailable:
        log.warning("place_not_released", mailbox_id=lease.mailbox_id)


def claim(lease: SendLease, ticket: SendAttempt) -> Claimed | None:
    """Commit `sending` with the frozen bytes, or return None: then the message is decided again."""
    mime, thread_id = ticket.built
    wanted = Claim(ticket.pending_id, ticket.seen.mail.version, lease.owner, mime, thread_id)
    number = claiming.claim(lease.deps.store, lease.workspace_id, wanted, lease.deps.now())
    if number is None:
        return None
    return Claimed(
        pending_id=ticket.pending_id,
        attempt=number,
        mime=mime,
        thread_id=thread_id,
        was_last=not ticket.seen.more,
    )


def post(lease: SendLease, access: Access, claimed: Claimed) -> Step:
    """The one POST, and its outcome."""
    try:
        ids = lease.deps.google.send(access, claimed.mime, thread_id=claimed.thread_id)
    except SendUnknown as doubt:
        return outcome.unknown(lease, claimed, doubt)
    except (SendRefused, MailboxTrouble, TryLater, ConfigurationError) as error:
        return not_taken(lease, claimed, error)
    step = left(lease, claimed, ids)
    log.info("mail_sent", mailbox_id=lease.mailbox_id, pending_id=str(claimed.pending_id))
    return step


def left(lease: SendLease, claimed: Claimed, ids: SentIds) -> Step:
    """Write down that it left, and give the lease back with the last mail in line."""
    if claimed.was_last:
        return SentLast(outcome.sent_last(lease, claimed.pending_id, ids))
    outcome.sent(lease.deps, lease.workspace_id, claimed.pending_id, ids)
    return Sent()


def not_taken(lease: SendLease, claimed: Claimed, error: RapportError) -> Step:
    """It certainly did not leave: refused, or given up before the POST."""
    match error:
        case SendRefused():
            pause_project(lease.deps, error)
            return outcome.refused(lease, claimed, error)
        case MailboxDisconnected():  # from the token endpoint, after a 401
            outcome.give_back(lease, claimed, error.sentence)
            return outcome.mailbox_refused(lease, error)
        case MailboxTrouble():
            return outcome.sending_refused(lease, claimed, error)
        case _:  # of the token, too
            ask_soon(lease.deps, error)
            refusal = SendRefused(error.sentence, code="unreachable")
            return outcome.refused(lease, claimed, refusal)
