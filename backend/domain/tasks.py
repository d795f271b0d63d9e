"""When a task is due, as groups of a list, and the days it can be postponed to.

Days are dates of a member's own calendar; `today` is always theirs.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SATURDAY = 5


class Due(StrEnum):
    """The group of an open task, in the order of the list."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this week"
    LATER = "later"
    NO_DATE = "no date"


class Postpone(StrEnum):
    """How far a task is postponed."""

    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"


def day_at(now: datetime, time_zone: str) -> date:
    """The day that it is in a time zone, an IANA name.

    >>> day_at(datetime(2026, 11, 29, 23, 30, tzinfo=ZoneInfo("UTC")), "Europe/Berlin").isoformat()
    '2026-11-30'
    """
    return now.astimezone(ZoneInfo(time_zone)).date()


def due_group(due_on: date | None, today: date) -> Due:
    """The group of a task that is due on this day. A week ends on Sunday.

    >>> thursday = date(2026, 11, 26)
    >>> [due_group(thursday + timedelta(days), thursday).value for days in (-1, 0, 1, 3, 4)]
    ['overdue', 'today', 'tomorrow', 'this week', 'later']
    """
    if due_on is None:
        return Due.NO_DATE
    if due_on < today:
        return Due.OVERDUE
    days = (due_on - today).days
    if days < 2:
        return (Due.TODAY, Due.TOMORROW)[days]
    return Due.THIS_WEEK if days < 7 - today.weekday() else Due.LATER


def postponed(to: Postpone, today: date) -> date:
    """The new due date, always after today.

    >>> friday = date(2026, 11, 27)
    >>> [postponed(one, friday).isoformat() for one in Postpone]
    ['2026-11-28', '2026-11-30', '2026-12-04']
    """
    days = {
        Postpone.TOMORROW: 1,
        Postpone.MONDAY: 7 - today.weekday(),
        Postpone.WEEK: 7,
    }
    return today + timedelta(days[to])


def suggested_due(today: date) -> date:
    """The due date that a new task's form suggests: the next working day.

    >>> suggested_due(date(2026, 11, 27)).isoformat()
    '2026-11-30'
    """
    day = today + timedelta(1)
    while day.weekday() >= SATURDAY:
        day += timedelta(1)
    return day
