"""Rate limits by client address for unauthenticated requests: sliding windows in Redis.

Without Redis each process counts for itself: a page that opens is worth more than an exact count,
and sending has its own limits, which fail closed.
"""

import ipaddress
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import Redis
from redis.exceptions import RedisError

LEAST_WAIT = timedelta(seconds=1)
ASK_AGAIN_AFTER = 10.0
"""Seconds for which an unreachable Redis is skipped, since every call would wait for it."""
NETWORK_BITS = 64
"""Prefix of an IPv6 address: the block that one household or machine gets."""


class Visit(StrEnum):
    """What is counted per address."""

    SIGN_IN = "sign-in"
    PAGE = "page"
    REFUSED_HOOK = "refused-hook"


ALLOWED = {
    Visit.SIGN_IN: RateLimitItemPerMinute(60),
    Visit.PAGE: RateLimitItemPerMinute(240),
    Visit.REFUSED_HOOK: RateLimitItemPerMinute(60),
}
"""Many people may share an address: an office signs in at nine o'clock."""


class Visits:
    """The counts of one installation."""

    def __init__(self, redis: Redis) -> None:
        storage = RedisStorage("redis://", connection_pool=redis.connection_pool)
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._away_until = 0.0

    @cached_property
    def _own(self) -> SlidingWindowCounterRateLimiter:
        """Created lazily: it starts a thread, and none may run when processes fork."""
        return SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, what: Visit, address: str | None, now: datetime) -> timedelta | None:
        """Count one visit. None when it is allowed, else how long to wait."""
        return self._judged(what, address, now, lambda counter, *of: counter.hit(*of))

    def exhausted(self, what: Visit, address: str | None, now: datetime) -> timedelta | None:
        """The same check without counting."""
        return self._judged(what, address, now, lambda counter, *of: counter.test(*of))

    def _judged(
        self,
        what: Visit,
        address: str | None,
        now: datetime,
        allows: Callable[[SlidingWindowCounterRateLimiter, RateLimitItemPerMinute, str, str], bool],
    ) -> timedelta | None:
        of = (ALLOWED[what], what, visitor(address))
        if time.monotonic() >= self._away_until:
            try:
                return None if allows(self._shared, *of) else wait_of(self._shared, *of, now=now)
            except RedisError:
                self._away_until = time.monotonic() + ASK_AGAIN_AFTER
        return None if allows(self._own, *of) else wait_of(self._own, *of, now=now)


def wait_of(
    counter: SlidingWindowCounterRateLimiter,
    item: RateLimitItemPerMinute,
    *of: str,
    now: datetime,
) -> timedelta:
    """Time until the window has moved: at least a second, at most its length."""
    left = timedelta(seconds=counter.get_window_stats(item, *of).reset_time - now.timestamp())
    return min(max(left, LEAST_WAIT), timedelta(seconds=item.get_expiry()))


def visitor(address: str | None) -> str:
    """The client that an address is counted as.

    >>> visitor("192.0.2.7"), visitor("::ffff:192.0.2.7"), visitor("2001:db8:1:2:3::4")
    ('192.0.2.7', '192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip.packed, NETWORK_BITS), strict=False))
