"""The only reader of the clock. Rules and services receive `now`, so tests can freeze time.

All processes use one clock, the database's: what one machine plans or leases, the others read. A
machine with a wrong clock then does no harm and keeps sending at the right times, so it need not
stop. Only timestamps signed by others (Google's tokens) are checked against the machine's own
clock, so a clock that is off is reported and has to be set.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLOWEST = 0.25
"""Seconds: a slower answer is too imprecise when there is a better one."""

TRUSTED_FOR = 60.0
"""Seconds for which a better answer outweighs a slow one."""


def utc_now() -> datetime:
    """The present moment by this machine's clock, aware and in UTC."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Seconds since some moment, whatever is done to the machine's clock; sleep counts."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clock:
    """The database's time once it has been read, else this machine's."""

    def __init__(
        self,
        machine: Callable[[], datetime] = utc_now,
        elapsed: Callable[[], float] = elapsed,
    ) -> None:
        self._machine, self.elapsed = machine, elapsed
        self._heard: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        heard = self._heard
        if heard is None:
            return self._machine()
        at, mark = heard
        return at + timedelta(seconds=self.elapsed() - mark)

    def ahead(self) -> timedelta:
        """How far this machine's clock is ahead of the database's; negative when it is behind."""
        return self._machine() - self.now()

    def hear(self, told: datetime, asked_at: float) -> None:
        """Take the database's time, read by a query that was sent at `asked_at` of `elapsed`."""
        heard_at = self.elapsed()
        took, heard = heard_at - asked_at, self._heard
        middle = heard_at - took / 2
        if heard is not None:
            expected = heard[0] + timedelta(seconds=middle - heard[1])
            agrees = abs(told - expected) <= timedelta(seconds=took / 2 + 0.001)
            if agrees or (took > SLOWEST and heard_at - heard[1] < TRUSTED_FOR):
                return
        self._heard = (told, middle)
