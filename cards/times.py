"""Moments in the reader's own zone and in few words.

Separate because cards, unlike pages, have no room for a full date and no tool tip.
"""

from datetime import date, datetime, timedelta

from cards.drawing import Drawing

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ago(at: datetime, drawing: Drawing) -> str:
    """How long since `at`: minutes and hours for today, days for a week, then the date."""
    passed = drawing.now - at
    days = (_local(drawing.now, drawing) - _local(at, drawing)).days
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return _count(int(passed / timedelta(minutes=1)), "minute")
    if days == 0:
        return _count(int(passed / timedelta(hours=1)), "hour")
    if days == 1:
        return "yesterday"
    return _count(days, "day") if days < 7 else day(_local(at, drawing), drawing)


def moment(at: datetime, drawing: Drawing) -> str:
    """A point in time that matters to the minute: "Today 18:04", "Tue 24 Nov, 09:00"."""
    local = at.astimezone(drawing.zone)
    clock = f"{local:%H:%M}"
    if local.date() == _local(drawing.now, drawing):
        return f"Today {clock}"
    return f"{DAYS[local.weekday()]} {day(local.date(), drawing)}, {clock}"


def day(on: date, drawing: Drawing) -> str:
    """A date, with the year unless it is this one."""
    this_year = on.year == _local(drawing.now, drawing).year
    return f"{on.day} {MONTHS[on.month - 1]}" + ("" if this_year else f" {on.year}")


def today(drawing: Drawing) -> str:
    """The reader's day: "Sat 21 Nov"."""
    now = _local(drawing.now, drawing)
    return f"{DAYS[now.weekday()]} {now.day} {MONTHS[now.month - 1]}"


def _local(at: datetime, drawing: Drawing) -> date:
    return at.astimezone(drawing.zone).date()


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"
