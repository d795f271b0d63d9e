"""Gmail's quota: a token bucket of units per user, and how many calls a user may have in flight.

Figures of a project created after 1 May 2026: 6,000 units a minute and user. The limiter behaves
like a rate with some burst, not like a bucket per calendar minute.
"""

import threading
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field

from backend.simulator.clock import Clock, from_epoch_ms
from backend.simulator.config import QuotaMode

UNITS_PER_SECOND = 100.0
BURST_UNITS = 1000.0  # measured: 160 units a second were refused after 18 s
MAX_IN_FLIGHT = 50


@dataclass
class Usage:
    """What one user's calls have cost so far."""

    units: int = 0
    over_rate: int = 0
    too_many_at_once: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    first_at: int = 0
    last_at: int = 0

    def as_json(self) -> dict[str, object]:
        return {
            "units": self.units,
            "refused_403": self.over_rate,
            "refused_429": self.too_many_at_once,
            "calls": dict(sorted(self.calls.items())),
            "first_call_at": from_epoch_ms(self.first_at).isoformat() if self.first_at else None,
            "last_call_at": from_epoch_ms(self.last_at).isoformat() if self.last_at else None,
        }


@dataclass
class _Bucket:
    left: float = BURST_UNITS
    seen_at: int = 0


class Quota:
    """Charges, refuses and remembers."""

    def __init__(self, clock: Clock, mode: QuotaMode) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.mode = mode
        self.multiplier = 1.0
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._buckets: dict[str, _Bucket] = {}
            self._in_flight: Counter[str] = Counter()
            self._usage: dict[str, Usage] = {}

    def counted(self) -> dict[str, Usage]:
        """A copy of the usage, to continue from later."""
        with self._lock:
            return deepcopy(self._usage)

    def go_on_from(self, counted: dict[str, Usage]) -> None:
        """Count as if no more than this had been used."""
        with self._lock:
            self._usage = deepcopy(counted)

    def enter(self, user: str, wanted: int = 1) -> int:
        """Take places for calls at the same time; how many of them there were."""
        with self._lock:
            free = MAX_IN_FLIGHT - self._in_flight[user]
            taken = wanted if self.mode is QuotaMode.OFF else max(0, min(wanted, free))
            self._in_flight[user] += taken
            self._of(user).too_many_at_once += wanted - taken
            return taken

    def leave(self, user: str, places: int = 1) -> None:
        with self._lock:
            self._in_flight[user] = max(0, self._in_flight[user] - places)

    def charge(self, user: str, method: str, units: int) -> bool:
        """Whether the call is within the rate. A refused call costs nothing."""
        with self._lock:
            now = self._clock.now_ms()
            usage = self._of(user)
            if not self._take(user, units * self.multiplier, now):
                usage.over_rate += 1
                return False
            usage.units += units
            usage.calls[method] += 1
            usage.first_at = usage.first_at or now
            usage.last_at = now
            return True

    def usage(self) -> dict[str, dict[str, object]]:
        with self._lock:
            return {user: one.as_json() for user, one in sorted(self._usage.items())}

    def _take(self, user: str, units: float, now: int) -> bool:
        if self.mode is QuotaMode.OFF:
            return True
        bucket = self._buckets.setdefault(user, _Bucket(seen_at=now))
        gained = (now - bucket.seen_at) / 1000 * UNITS_PER_SECOND
        bucket.left = min(BURST_UNITS, bucket.left + gained)
        bucket.seen_at = now
        if bucket.left < units:
            return False
        bucket.left -= units
        return True

    def _of(self, user: str) -> Usage:
        return self._usage.setdefault(user, Usage())
