"""When each waiting mail of a mailbox is expected to leave, as of now. Nothing is written.

Separate from planning, which keeps the nearest forecasts on the rows.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId
from backend.domain.sending.forecast import Forecast, forecast
from backend.store.outbox.gate import sender_limits
from backend.store.outbox.rows import letter_of, scheduled
from backend.store.outbox.stopped import stopped_mail


class Shown(NamedTuple):
    """When a mail is expected to leave, and what binds it, as its row keeps it."""

    forecast_at: datetime | None
    reason: str | None
    reason_details: dict[str, str]


UNPLANNED = Shown(None, None, {})


def foreseen(session: Session, mailbox_id: MailboxId, now: datetime) -> dict[PendingId, Shown]:
    """The forecasts of all that waits in a mailbox, however late it leaves. Nothing is written."""
    way = sender_limits(session, mailbox_id, now)
    stops = stops_shown(session, mailbox_id)
    going = [letter_of(row) for row in scheduled(session, mailbox_id) if row.id not in stops]
    planned = forecast(going, way.gate, now, rules=way.rules)
    return {one.id: as_shown(one) for one in planned} | stops


def stops_shown(session: Session, mailbox_id: MailboxId) -> dict[PendingId, Shown]:
    """What is shown of mail that will not leave as it is, because of somebody it goes to."""
    return {
        pending_id: Shown(None, reason, {"address": address})
        for pending_id, (address, reason) in stopped_mail(session, mailbox_id).items()
    }


def as_shown(one: Forecast) -> Shown:
    """A forecast as the row keeps it."""
    return Shown(one.leaves_at, one.reason, dict(one.details))
