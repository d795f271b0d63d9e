"""Formats times and numbers in the reader's zone, with the exact time in the title."""

from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from markupsafe import Markup

from backend.console.context import actor_or_none, current_deps

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FULL_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
MONTHS = tuple(name[:3] for name in FULL_MONTHS)
NEAR = 7
"""Days. Beyond these a time is shown by its date."""

NEAR_DAYS = frozenset({"Today", "Tomorrow", "Yesterday"})

TIME = Markup('<time datetime="{iso}" title="{title}">{text}</time>')


def zone() -> ZoneInfo:
    """The reader's time zone; UTC where nobody is signed in."""
    actor = actor_or_none()
    return ZoneInfo(actor.time_zone if actor else "UTC")


def zone_name() -> str:
    """The zone's name, for the foot of a table."""
    actor = actor_or_none()
    return actor.time_zone if actor else "UTC"


def moment(at: datetime | None, missing: str = "") -> Markup | str:
    """Day and time: "Today 18:04", "Tue 24 Nov, 09:00"."""
    if at is None:
        return missing
    there, here = at.astimezone(zone()), current_deps().now().astimezone(zone())
    return _tag(at, f"{_day(there.date(), here.date())} {there:%H:%M}")


def spoken(at: datetime | None, missing: str = "") -> Markup | str:
    """Day and time inside a sentence: "leaves today 18:04"."""
    if at is None:
        return missing
    there, here = at.astimezone(zone()), current_deps().now().astimezone(zone())
    named = _day(there.date(), here.date())
    near = named in NEAR_DAYS
    return _tag(at, f"{named.lower() if near else named} {there:%H:%M}")


def day(at: datetime | None, missing: str = "") -> Markup | str:
    """The day alone: "Today", "Yesterday", "12 Nov"."""
    if at is None:
        return missing
    return _tag(at, _day_alone(at))


def day_spoken(at: datetime | None, missing: str = "") -> Markup | str:
    """The day alone inside a sentence: "today", "12 Nov"."""
    if at is None:
        return missing
    named = _day_alone(at)
    return _tag(at, named.lower() if named in NEAR_DAYS else named)


def ago(at: datetime | None, missing: str = "") -> Markup | str:
    """How long ago, while it is less than a week: "3 hours ago"."""
    if at is None:
        return missing
    passed = current_deps().now() - at
    if passed < timedelta(days=NEAR) and passed >= timedelta(0):
        return _tag(at, _passed(passed))
    return day(at)


def ago_spoken(at: datetime | None, missing: str = "") -> Markup | str:
    """How long ago inside a sentence: "just now", "3 hours ago"."""
    if at is not None and timedelta(0) <= current_deps().now() - at < timedelta(minutes=1):
        return _tag(at, "just now")
    return ago(at, missing)


def clock(at: datetime) -> Markup:
    """The time alone, where its day is shown above."""
    return _tag(at, f"{at.astimezone(zone()):%H:%M}")


def heading(at: datetime) -> str:
    """A day as a heading: "Yesterday", "12 November"."""
    there, here = at.astimezone(zone()).date(), current_deps().now().astimezone(zone()).date()
    if 0 <= (here - there).days <= 1:
        return ("Today", "Yesterday")[(here - there).days]
    year = "" if there.year == here.year else f" {there.year}"
    return f"{there.day} {FULL_MONTHS[there.month - 1]}{year}"


def plain_date(value: date | None, missing: str = "") -> str:
    """A date of the calendar: "14 Jan 2027"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else missing


def for_input(at: datetime | None) -> str:
    """A moment as the value of a date-and-time field, in the reader's zone."""
    return f"{at.astimezone(zone()):%Y-%m-%dT%H:%M}" if at else ""


def seconds_until(at: datetime) -> int:
    """Whole seconds until a time; 0 once it has passed."""
    return max(0, ceil((at - current_deps().now()).total_seconds()))


def number(value: int) -> str:
    """An integer with commas between thousands."""
    return f"{value:,}"


def size(octets: int) -> str:
    """A file's size: "840 kB", "2.4 MB"."""
    return f"{octets / 1e6:.1f} MB" if octets >= 1_000_000 else f"{max(1, octets // 1000)} kB"


def _tag(at: datetime, text: str) -> Markup:
    there = at.astimezone(zone())
    title = f"{DAYS[there.weekday()]} {there.day} {MONTHS[there.month - 1]} {there:%Y, %H:%M} "
    return TIME.format(iso=f"{at:%Y-%m-%dT%H:%M:%SZ}", title=title + zone_name(), text=text)


def _day_alone(at: datetime) -> str:
    there, here = at.astimezone(zone()).date(), current_deps().now().astimezone(zone()).date()
    return _day(there, here).removesuffix(",")


def _day(there: date, here: date) -> str:
    match (there - here).days:
        case 0:
            return "Today"
        case -1:
            return "Yesterday"
        case 1:
            return "Tomorrow"
        case _:
            year = f" {there.year}" if abs((there - here).days) > 300 else ""
            return f"{DAYS[there.weekday()]} {there.day} {MONTHS[there.month - 1]}{year},"


def _passed(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    for unit, length in (("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes >= length:
            count = minutes // length
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "Just now"
