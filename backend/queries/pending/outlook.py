"""How much a sender can still send, and whether anything may leave now."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.domain.people.actor import Actor
from backend.domain.sending.pending import PendingState
from backend.domain.sending.throttle import ROLLING_DAY
from backend.domain.summaries.pending import SendingOutlook
from backend.errors import LimiterUnavailable
from backend.queries.pending.listing import counts_by_state
from backend.store import mailboxes
from backend.store.models import Departure, PendingMessage
from backend.store.outbox.gate import sender_limits


def outlook(deps: Deps, actor: Actor) -> SendingOutlook | None:
    """How much the reader can still send, and whether anything may leave now."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        mailbox = mailboxes.of_member(session, actor.member_id)
        if mailbox is None:
            return None
        limits = sender_limits(session, mailbox.id, now).gate.limits
        waiting = counts_by_state(session, mailbox_id=mailbox.id)
        left = left_since(session, mailbox.id, now - ROLLING_DAY)
        next_at = next_departure(session, mailbox.id)
    return SendingOutlook(
        waiting=sum(waiting.values()),
        held=waiting.get(PendingState.HELD, 0),
        failed=waiting.get(PendingState.FAILED, 0),
        left_today=left,
        daily_limit=limits.daily,
        hourly_limit=limits.hourly,
        next_at=next_at,
        paused=_paused(deps, mailbox.id),
    )


def _paused(deps: Deps, mailbox_id: MailboxId) -> str | None:
    """Why nothing leaves, read from the limiter without taking anything."""
    try:
        deps.limits.take_units(mailbox_id, 0, patience=timedelta(0))
    except LimiterUnavailable:
        return "Sending is paused: the limits can't be checked right now. Nothing is lost."
    return None


def left_since(session: Session, mailbox_id: MailboxId, since: datetime) -> int:
    """How many messages were seen leaving a mailbox since then."""
    query = select(func.count()).where(
        Departure.mailbox_id == mailbox_id, Departure.left_at > since
    )
    return session.scalar(query) or 0


def next_departure(session: Session, mailbox_id: MailboxId) -> datetime | None:
    """When the next scheduled message of a mailbox is expected to leave. The next ones always have
    a forecast.
    """
    return session.scalar(
        select(func.min(PendingMessage.forecast_at)).where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.SCHEDULED,
        )
    )
