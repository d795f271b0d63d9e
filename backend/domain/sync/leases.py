"""How long a process may be silent about what it works on, and what rests until when.

Whoever works on a mailbox, an import or the mail that leaves renews its lease every few seconds
beside the work. So a lease can be short: what a process holds that died, or lost its database, is
free for others soon, however long one step of the work may take.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=20)
"""How long one process may be silent before another may take over."""

RENEW_EVERY = timedelta(seconds=5)
"""A lease outlasts three renewals that fail."""

SILENT = timedelta(seconds=8)
"""One renewal is missing: whoever has the lease has stopped, or cannot reach the database."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Work that stands still and goes on by itself: `until` then, or, when that is None, as soon
    as a worker takes it. `since` may not be known. `silent` says that its process has stopped;
    otherwise it pauses on purpose.
    """

    since: datetime | None
    until: datetime | None
    silent: bool


def rest_of(
    now: datetime,
    *,
    paused_until: datetime | None,
    paused_at: datetime | None,
    lease_until: datetime | None,
) -> Rest | None:
    """Whether work rests: for a pause, or because whoever has its lease no longer renews it."""
    if paused_until is not None and paused_until > now:
        return Rest(since=paused_at, until=paused_until, silent=False)
    renewed_at = lease_until - LEASE if lease_until is not None else now
    if now - renewed_at <= SILENT:
        return None
    ends = lease_until if lease_until is not None and lease_until > now else None
    return Rest(since=renewed_at, until=ends, silent=True)
