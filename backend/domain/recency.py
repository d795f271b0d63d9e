"""The recency filter of lists: in the last days, longer ago, or never.

Accounts, contacts and conversations are filtered alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

NEVER = "never"
OVER = "over-"
CHOICES: Mapping[str, str] = {
    "7": "In the last 7 days",
    "30": "In the last 30 days",
    "90": "In the last 90 days",
    "over-30": "Not for 30 days",
    "over-90": "Not for 90 days",
    NEVER: "Never",
}
"""The values of such a filter. What never happened has not happened for 30 days either."""


@dataclass(frozen=True)
class Since:
    """At this moment or later."""

    at: datetime


@dataclass(frozen=True)
class Before:
    """Before this moment, or never."""

    at: datetime


@dataclass(frozen=True)
class Never:
    """Not once."""


Recency = Since | Before | Never


def recency(wanted: str | None, now: datetime) -> Recency | None:
    """The condition for a filter's value; None without a filter.

    >>> recency("never", datetime(2026, 11, 22))
    Never()
    >>> recency("7", datetime(2026, 11, 22))
    Since(at=datetime.datetime(2026, 11, 15, 0, 0))
    """
    if wanted is None or wanted not in CHOICES:
        return None
    if wanted == NEVER:
        return Never()
    at = now - timedelta(days=int(wanted.removeprefix(OVER)))
    return Before(at) if wanted.startswith(OVER) else Since(at)
