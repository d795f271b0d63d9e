"""Parses dates as spreadsheets and other products write them, in the order of the whole list.

"03/04/2026" is ambiguous. A list is written by one program in one order, so one date with a day
above 12 decides for all; without one, such a date stays unread rather than guessed.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?[ -]([^\W\d]{3,9})\.?,?[ -](\d{4})(?!\d)")
_MONTH_DAY = re.compile(r"([^\W\d]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
GERMAN = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}


class DayOrder(StrEnum):
    """The first part of "03/04/2026"."""

    DAY = "day"
    MONTH = "month"


def order_shown(texts: Iterable[str]) -> DayOrder | None:
    """The order that these dates must have; None when they show neither, or both.

    >>> order_shown(["03/04/2026", "11/28/2026, 3:45 PM"])
    <DayOrder.MONTH: 'month'>
    """
    shown: set[DayOrder] = set()
    for text in texts:
        found = _NUMBERS.match(text.strip())
        if found and found[2] != ".":
            first, second = int(found[1]), int(found[3])
            shown |= {DayOrder.DAY} if second <= 12 < first else set()
            shown |= {DayOrder.MONTH} if first <= 12 < second else set()
    return shown.pop() if len(shown) == 1 else None


def read_day(text: str, order: DayOrder | None) -> date | None:
    """The day of a date; a time after it is left out. None when it is invalid or ambiguous.

    >>> read_day("28.11.2026, 15:45", None), read_day("Nov 28, 2026", None)
    (datetime.date(2026, 11, 28), datetime.date(2026, 11, 28))
    >>> read_day("03/04/2026", None), read_day("03/04/2026", DayOrder.MONTH)
    (None, datetime.date(2026, 3, 4))
    """
    text = text.strip()
    iso = _ISO.match(text) or _YEAR_FIRST.match(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    numbers = _NUMBERS.match(text)
    if numbers:
        return _numbered(int(numbers[1]), int(numbers[3]), numbers, order)
    if named := _DAY_MONTH.match(text):
        return _day(int(named[3]), _month(named[2]), int(named[1]))
    if named := _MONTH_DAY.match(text):
        return _day(int(named[3]), _month(named[1]), int(named[2]))
    return None


def _numbered(first: int, second: int, found: re.Match[str], order: DayOrder | None) -> date | None:
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    by_day, by_month = _day(year, second, first), _day(year, first, second)
    if found[2] == "." or order is DayOrder.DAY:
        return by_day
    if order is DayOrder.MONTH:
        return by_month
    if by_day and by_month and by_day != by_month:
        return None
    return by_day or by_month


def _month(word: str) -> int:
    start = word.casefold()[:3]
    return MONTHS.index(start) + 1 if start in MONTHS else GERMAN.get(start, 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
