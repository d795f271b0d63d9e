"""When a sender's mail may leave: days with a start and an end in the sender's own time zone.

A window is civil time (VC-91) and becomes an interval in UTC only when asked about a moment, so
that it moves along when the clocks change. Half-open: the start belongs to it, the end does not. An
end at or before the start means the next day, and the interval belongs to the day it starts on.
Where the clocks skip a time, the first valid moment counts; an hour that comes twice is open from
its first start to its second end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# How far ahead an opening is looked for. Two weeks would do even when a day is missing (Apia 2011).
HORIZON = timedelta(days=20)


class Weekday(IntEnum):
    """As `date.weekday()` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


WORKDAYS = frozenset(day for day in Weekday if day < Weekday.SATURDAY)


@dataclass(frozen=True)
class SendingWindow:
    """Open on `days` from `start` to `end`, on the clocks of `zone` (an IANA name)."""

    days: frozenset[Weekday]
    start: time
    end: time
    zone: str


@dataclass(frozen=True, order=True)
class Opening:
    """One stretch of time in UTC in which mail may leave: from `start`, before `end`."""

    start: datetime
    end: datetime


def opening(windows: Sequence[SendingWindow], at: datetime) -> Opening | None:
    """The stretch that holds `at`, or the next one; None when the windows never open.

    Stretches that touch are one. The end is cut near `HORIZON`; no windows mean always open.
    """
    if not windows:
        return Opening(at, at + HORIZON)
    for stretch in _stretches(tuple(windows), at.astimezone(UTC).date()):
        if stretch.end > at:
            return stretch
    return None


def next_open(windows: Sequence[SendingWindow], at: datetime) -> datetime | None:
    """The first moment from `at` on at which mail may leave; None when it never may.

    >>> nine_to_five = SendingWindow(WORKDAYS, time(9), time(17), "America/New_York")
    >>> friday_evening = datetime(2026, 1, 9, 20, 0, tzinfo=ZoneInfo("America/New_York"))
    >>> opens = next_open([nine_to_five], friday_evening)
    >>> opens.astimezone(ZoneInfo("America/New_York")).strftime("%A %H:%M")
    'Monday 09:00'
    """
    found = opening(windows, at)
    return None if found is None else max(at, found.start)


def open_within(windows: Sequence[SendingWindow], at: datetime, span: timedelta) -> timedelta:
    """How much of the `span` from `at` on is open. With it a page can say what a limit amounts to.

    >>> nine_to_five = SendingWindow(WORKDAYS, time(9), time(17), "Europe/Berlin")
    >>> open_within([nine_to_five], datetime(2026, 1, 9, 12, tzinfo=UTC), timedelta(days=1))
    datetime.timedelta(seconds=14400)
    """
    total, moment, until = timedelta(), at, at + span
    while moment < until:
        found = opening(windows, moment)
        if found is None or found.start >= until:
            break
        total += min(found.end, until) - max(found.start, moment)
        moment = found.end
    return total


@lru_cache(maxsize=4096)
def _stretches(windows: tuple[SendingWindow, ...], today: date) -> tuple[Opening, ...]:
    """All stretches that matter for a moment of the UTC date `today`, in order and not touching."""
    merged: list[Opening] = []
    for one in sorted(_intervals(windows, today)):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Opening(merged[-1].start, max(merged[-1].end, one.end))
        elif one.start < one.end:
            merged.append(one)
    return tuple(merged)


def _intervals(windows: Sequence[SendingWindow], today: date) -> Iterable[Opening]:
    # Two days back: yesterday's window may reach into today, on either side of midnight UTC.
    for number in range(-2, HORIZON.days):
        day = today + number * DAY
        for window in windows:
            if Weekday(day.weekday()) in window.days:
                yield _interval(window, day)


def _interval(window: SendingWindow, day: date) -> Opening:
    last = day if window.end > window.start else day + DAY
    return Opening(
        start=resolve(datetime.combine(day, window.start), window.zone, fold=0),
        end=resolve(datetime.combine(last, window.end), window.zone, fold=1),
    )


def resolve(civil: datetime, zone: str, *, fold: int = 0) -> datetime:
    """The moment in UTC of a civil time; `fold` 1 takes the second when the hour comes twice.

    A time that the clocks skip becomes the first moment after the gap.

    >>> resolve(datetime(2026, 3, 29, 2, 30), "Europe/Berlin").isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    info = ZoneInfo(zone)
    moment = civil.replace(tzinfo=info, fold=fold).astimezone(UTC)
    if moment.astimezone(info).replace(tzinfo=None) == civil:
        return moment
    # zoneinfo does not raise in a gap: with fold 1 it answers before the jump, with fold 0 after.
    early = civil.replace(tzinfo=info, fold=1).astimezone(UTC)
    late = civil.replace(tzinfo=info, fold=0).astimezone(UTC)
    before = early.astimezone(info).utcoffset()
    while late - early > SECOND:
        middle = early + timedelta(seconds=(late - early) // SECOND // 2)
        if middle.astimezone(info).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
