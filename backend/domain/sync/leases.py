"""Leases: how long a worker may be silent, and which work is paused until when.

A process that works on a mailbox, an import or outgoing mail renews its lease every few seconds
from a second thread. So a lease can be short: when a process dies or loses its database, others can
claim its work soon, however long one step may take.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=20)
"""How long one process may be silent before another may take over."""

RENEW_EVERY = timedelta(seconds=5)
"""A lease outlasts three renewals that fail."""

SILENT = timedelta(seconds=8)
"""One renewal is missing: the lease's holder has stopped, or cannot reach the database."""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Paused work that resumes by itself: at `until`, or, when it is None, as soon as a worker
    claims it. `since` may not be known. `silent` says that its process has stopped; otherwise it
    pauses on purpose.
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
    """Whether work is paused, or its lease's holder no longer renews it."""
    if paused_until is not None and paused_until > now:
        return Rest(since=paused_at, until=paused_until, silent=False)
    renewed_at = lease_until - LEASE if lease_until is not None else now
    if now - renewed_at <= SILENT:
        return None
    ends = lease_until if lease_until is not None and lease_until > now else None
    return Rest(since=renewed_at, until=ends, silent=True)
