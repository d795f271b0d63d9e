"""Repairs times left by a clock that was ahead and has been set back: they are later than possible.

Each would block something until real time catches up: a lease nobody holds, a pause nobody asked
for, a future departure. `LIST` names every such column with how far ahead it may be; later values
are capped once, so that they age from now on. A person's choice (a message's due time) is never
touched. Not listed are times that only last longer by the error and block nothing: sessions, OAuth
attempts, and dates that are only shown.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningUpdate

from backend.domain.clocks import TOLERATED
from backend.domain.ids import WorkspaceId
from backend.domain.sending.throttle import ROLLING_DAY
from backend.domain.sync.leases import LEASE
from backend.domain.sync.polling import POLL_AFTER
from backend.store.models import (
    CustomerList,
    Departure,
    ImportRun,
    InboundMail,
    Mailbox,
    PendingMessage,
    ToFetch,
    Workspace,
)
from backend.store.models.base import Tenant

NOW = timedelta()
PAUSE = timedelta(hours=1)
"""Reading never pauses for longer."""

LOOK = timedelta(minutes=10)
"""A doubtful message is checked sooner than that."""

UNDO = timedelta(minutes=1)
"""The longest undo time that can be chosen."""

NEXT_WINDOW = timedelta(days=8)
"""A sending window opens at least once a week."""

LIST: Mapping[type[Tenant], Mapping[str, timedelta]] = {
    Mailbox: {
        "lease_until": LEASE,
        "send_lease_until": LEASE,
        "paused_until": PAUSE,
        "send_paused_until": ROLLING_DAY,
        "send_look_at": NEXT_WINDOW,
        "poll_at": POLL_AFTER,
        "poll_since": NOW,
        "unannounced_at": NOW,
        "refused_at": NOW,
        "last_success_at": NOW,
        "last_notification_at": NOW,
        "last_error_at": NOW,
        "own_addresses_at": NOW,
        "push_tested_at": NOW,
        "push_arrived_at": NOW,
        "redact_until": NOW,
        "redacted_at": NOW,
    },
    ImportRun: {
        "lease_until": LEASE,
        "look_at": PAUSE,
        "started_at": NOW,
        "heartbeat_at": NOW,
    },
    CustomerList: {"lease_until": LEASE, "uploaded_at": NOW, "undone_at": NOW},
    InboundMail: {"not_before": PAUSE, "received_at": NOW, "settled_at": NOW},
    ToFetch: {"not_before": PAUSE, "added_at": NOW},
    PendingMessage: {"lease_until": LOOK, "attempted_at": NOW},
    Departure: {"left_at": NOW},
}

PAUSES = frozenset({"paused_until", "send_paused_until", "not_before", "look_at"})


def workspaces(session: Session) -> list[WorkspaceId]:
    """All workspaces. Needs a global transaction."""
    return list(session.scalars(select(Workspace.id)))


def cap(session: Session, now: datetime, set_back: timedelta = NOW) -> Mapping[str, int]:
    """Cap every impossible time of the session's workspace. Returns rows changed, by table.

    Pauses end sooner by as much as the clock was `set_back`: at worst Gmail asks for one again.
    """
    counts = {
        model.__name__: len(session.scalars(capping(model, ahead, now, set_back)).all())
        for model, ahead in LIST.items()
    }
    taken_back = len(session.scalars(undoing(now)).all())
    counts[PendingMessage.__name__] += taken_back
    return {name: count for name, count in counts.items() if count}


def undoing(now: datetime) -> ReturningUpdate[int]:
    """Messages that wait only for undo, and longer than anybody may choose: nobody asked for that
    date.
    """
    return (
        update(PendingMessage)
        .where(PendingMessage.undo_until > now + UNDO + TOLERATED)
        .values(undo_until=now, due_at=now, not_before=now)
        .returning(PendingMessage.workspace_id)
    )


def capping(
    model: type[Tenant], ahead: Mapping[str, timedelta], now: datetime, set_back: timedelta
) -> ReturningUpdate[int]:
    """One statement for the columns of one table."""
    columns: dict[str, InstrumentedAttribute[datetime | None]] = {
        name: getattr(model, name) for name in ahead
    }
    moved = {name: set_back if name in PAUSES else NOW for name in ahead}
    latest = {name: now if moved[name] else now + ahead[name] + TOLERATED for name in ahead}
    too_late = or_(*(columns[name] > latest[name] for name in ahead))
    capped = {name: func.least(columns[name] - moved[name], now + ahead[name]) for name in ahead}
    return update(model).where(too_late).values(capped).returning(model.workspace_id)
