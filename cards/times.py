"""Moments in the reader's own zone and in few words.

Cards, unlike pages, have no room for a full date and no tooltip.
"""

from datetime import date, datetime, timedelta

from cards.card_context import CardContext

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ago(at: datetime, context: CardContext) -> str:
    """Time since `at`: minutes and hours for today, days for a week, then the date."""
    passed = context.now - at
    days = (local_day(context.now, context) - local_day(at, context)).days
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return _count(int(passed / timedelta(minutes=1)), "minute")
    if days == 0:
        return _count(int(passed / timedelta(hours=1)), "hour")
    if days == 1:
        return "yesterday"
    return _count(days, "day") if days < 7 else day(local_day(at, context), context)


def moment(at: datetime, context: CardContext) -> str:
    """A point in time that matters to the minute: "Today 18:04", "Tue 24 Nov, 09:00"."""
    local = at.astimezone(context.zone)
    clock = f"{local:%H:%M}"
    if local.date() == local_day(context.now, context):
        return f"Today {clock}"
    return f"{DAYS[local.weekday()]} {day(local.date(), context)}, {clock}"


def day(on: date, context: CardContext) -> str:
    """A date, with the year unless it is this one."""
    this_year = on.year == local_day(context.now, context).year
    return f"{on.day} {MONTHS[on.month - 1]}" + ("" if this_year else f" {on.year}")


def weekday(on: date, context: CardContext) -> str:
    """A date with its day of the week: "Tue 24 Nov"."""
    return f"{DAYS[on.weekday()]} {day(on, context)}"


def due(on: date, context: CardContext) -> str:
    """When a task is due: "Overdue since 3 Nov", "Today", "Tomorrow", "Tue 24 Nov"."""
    match (on - local_day(context.now, context)).days:
        case 0:
            return "Today"
        case 1:
            return "Tomorrow"
        case days if days < 0:
            return f"Overdue since {day(on, context)}"
        case _:
            return weekday(on, context)


def today(context: CardContext) -> str:
    """The reader's day: "Sat 21 Nov"."""
    now = local_day(context.now, context)
    return f"{DAYS[now.weekday()]} {now.day} {MONTHS[now.month - 1]}"


def local_day(at: datetime, context: CardContext) -> date:
    """The reader's day at a moment."""
    return at.astimezone(context.zone).date()


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"
