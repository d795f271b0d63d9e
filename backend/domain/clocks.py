"""Clocks that are off, in words.

The health page and the doctor both say it.
"""

from datetime import timedelta

TOLERATED = timedelta(seconds=2)
"""A machine's clock that is off by more is called wrong."""

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def off_clock(whose: str, seconds: float) -> str:
    """A sentence on a clock that is `seconds` ahead (negative: behind); empty when it is right.

    >>> off_clock("worker-a", -90)
    'The clock of worker-a is 2 minutes behind the time of the database.'
    >>> off_clock("worker-a", 3599.98)
    'The clock of worker-a is 1 hour ahead of the time of the database.'
    >>> off_clock("worker-a", 1.2)
    ''
    """
    size = round(abs(seconds), 1)
    if size <= TOLERATED.total_seconds():
        return ""
    name, length = next(one for one in UNITS if size >= one[1])
    count = round(size / length)
    amount = f"{count} {name}{'s' if count != 1 else ''}"
    way = "ahead of" if seconds > 0 else "behind"
    return f"The clock of {whose} is {amount} {way} the time of the database."
