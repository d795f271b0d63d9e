"""How far back a mailbox is read: by an import, by a resync after a lost cursor, by an audit; and
when the next audit is due.

Separate from reading, so that the promise "nothing lost" rests on dates that can be tested alone.
A run goes back page by page until a whole page is older than its `since`, whatever Gmail's order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.ids import MailboxId
from backend.domain.policies import ImportMode

MARGIN = timedelta(days=2)
"""How much further back than the last good reading a resync goes: mail is dated by its arrival, but
Gmail may file it later.
"""

AUDITED = timedelta(days=8)
"""What an audit looks at in any case: more than the week after which Gmail may forget a cursor."""

OVERLAP = timedelta(days=1)
"""How much further back than the last audit the next one goes."""

NIGHT = timedelta(hours=6)
"""Audits begin from midnight UTC on, each mailbox at a time of its own within this long."""

SPREAD = 2_654_435_761
"""Knuth's multiplier: neighbouring ids come to lie far apart in the night."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run looks at: so many messages, or everything since a moment (D-1)."""

    wanted: int | None = None
    since: datetime | None = None


def import_reach(mode: ImportMode, *, count: int, days: int, now: datetime) -> Reach:
    """What the workspace chose.

    >>> from datetime import UTC
    >>> import_reach(ImportMode.NONE, count=1000, days=183, now=datetime(2026, 1, 1, tzinfo=UTC))
    Reach(wanted=0, since=None)
    """
    match mode:
        case ImportMode.NONE:
            return Reach(wanted=0)
        case ImportMode.LAST_N:
            return Reach(wanted=count)
        case ImportMode.LAST_DAYS:
            return Reach(since=now - timedelta(days=days))


def resync_since(last_read: datetime, *, floor: datetime) -> datetime:
    """How far back a resync looks: to before the last good reading, never below the import."""
    return max(last_read - MARGIN, floor)


def audit_since(last_audit: datetime | None, *, floor: datetime, now: datetime) -> datetime:
    """How far back an audit looks: over the last days and what no audit has seen yet."""
    back = now - AUDITED
    if last_audit is not None:
        back = min(back, last_audit - OVERLAP)
    return max(back, floor)


def audit_due(last: datetime, mailbox_id: MailboxId) -> datetime:
    """The night after `last` in which the mailbox is audited, at the mailbox's own minute.

    >>> from datetime import UTC
    >>> audit_due(datetime(2026, 1, 1, 9, tzinfo=UTC), 0).isoformat()
    '2026-01-02T00:00:00+00:00'
    """
    minutes = int(NIGHT.total_seconds()) // 60
    own = timedelta(minutes=mailbox_id * SPREAD % minutes)
    midnight = (last - own).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) + own
