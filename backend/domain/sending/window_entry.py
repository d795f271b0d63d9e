"""A sending window as people enter and read it: checked field by field, described in one line.

Separate from what a window means, so that console and API share the same sentences.
"""

from collections.abc import Iterable
from datetime import time
from zoneinfo import available_timezones

from backend.domain.sending.windows import WORKDAYS, SendingWindow, Weekday
from backend.errors import InputError

WHY_WINDOWS = (
    "Mail that leaves during working hours looks as if a person wrote it.",
    "Between the start of the day and the window there is time to look at what will leave.",
    "Mail that arrives while people work is more likely to be answered.",
)


def enter_window(days: Iterable[str], start: str, end: str, *, zone: str) -> SendingWindow:
    """The window that was entered; days by English name. Raises InputError for each bad field.

    >>> describe(enter_window(["monday", "friday"], "09:00", "17:00", zone="Europe/Berlin"))
    'Monday, Friday, 09:00 to 17:00 (Europe/Berlin)'
    """
    wrong: dict[str, str] = {}
    chosen = {name.strip().upper() for name in days}
    if not chosen or not chosen <= set(Weekday.__members__):
        wrong["days"] = "Choose at least one day of the week."
    starts, ends = _time(start), _time(end)
    if starts is None:
        wrong["start"] = "The start must be a time of day such as 09:00."
    if ends is None:
        wrong["end"] = "The end must be a time of day such as 17:00."
    if zone not in available_timezones():
        wrong["zone"] = "Choose a time zone such as Europe/Berlin."
    if wrong or starts is None or ends is None:
        raise InputError("The sending window was not saved. Correct the marked fields.", wrong)
    return SendingWindow(frozenset(Weekday[name] for name in chosen), starts, ends, zone)


def describe(window: SendingWindow) -> str:
    """The window in one line.

    >>> from datetime import time
    >>> describe(SendingWindow(WORKDAYS, time(22), time(6), "Asia/Tokyo"))
    'Monday to Friday, 22:00 to 06:00 the next day (Asia/Tokyo)'
    """
    if window.start == window.end == time(0):
        hours = "all day"
    else:
        hours = f"{window.start:%H:%M} to {window.end:%H:%M}"
        hours += " the next day" if window.end <= window.start else ""
    return f"{_day_names(window.days)}, {hours} ({window.zone})"


def _day_names(days: frozenset[Weekday]) -> str:
    if len(days) == len(Weekday):
        return "Every day"
    if days == WORKDAYS:
        return "Monday to Friday"
    return ", ".join(day.name.capitalize() for day in sorted(days)) or "No day"


def _time(text: str) -> time | None:
    hours, colon, minutes = text.strip().partition(":")
    digits = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
    if not colon or not digits or len(hours) > 2 or len(minutes) != 2:
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return time(int(hours), int(minutes))
