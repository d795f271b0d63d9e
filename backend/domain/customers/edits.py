"""How an edit of a record meets what a colleague did meanwhile, and how typed values are read.

Every field travels as text: what was typed, and what it said when the form was drawn. A field that
was left alone never overwrites; one that both changed is asked about, and nothing is written.
"""

import re
from dataclasses import dataclass
from datetime import date

from backend.domain.customers.dates import read_day
from backend.domain.mail.address import clean_name

LONGEST_NAME = 200
LONGEST_WORD = 100
LONGEST_REASON = 500
YES = "yes"
PHONE = re.compile(r"[0-9+()/. x-]*")


class Unusable(ValueError):
    """What was typed cannot be kept; the message is the sentence for the field."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says of one field, and what the field said when the form was drawn."""

    value: str
    was: str


@dataclass(frozen=True, slots=True)
class Keep:
    """The field stays as it is now."""


@dataclass(frozen=True, slots=True)
class Change:
    """The field says something else from now on."""

    value: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the same field to something else meanwhile."""


def merge(value: str, was: str, now: str) -> Keep | Change | Clash:
    """Decide about one field: what is wanted, what was shown, and what it says now.

    >>> merge("b", "a", "a"), merge("a", "a", "c"), merge("b", "a", "c"), merge("c", "a", "c")
    (Change(value='b'), Keep(), Clash(), Keep())
    """
    if value in (was, now):
        return Keep()
    return Change(value) if now == was else Clash()


def read_name(text: str) -> str:
    """A name, which nothing can be without.

    >>> read_name("  Northwind   Traders ")
    'Northwind Traders'
    """
    name = clean_name(text)
    if not name:
        raise Unusable("Enter a name.")
    return _short(name, LONGEST_NAME)


def read_words(text: str) -> str:
    """A few words on one line, or nothing."""
    return _short(" ".join(text.split()), LONGEST_WORD)


def read_reason(text: str) -> str:
    """A sentence or two, or nothing."""
    return _short(" ".join(text.split()), LONGEST_REASON)


def read_health(text: str) -> str:
    """A whole number from 0 to 100, or nothing.

    >>> read_health(" 055 "), read_health("")
    ('55', '')
    """
    text = text.strip()
    if not text:
        return ""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_WORD):
        raise Unusable(f"“{text[:LONGEST_WORD]}” is not a whole number from 0 to 100.")
    if int(text) > 100:
        raise Unusable(f"{int(text)} is too much. Health runs from 0 to 100.")
    return str(int(text))


def read_date(text: str) -> str:
    """A day as 2027-01-31, or nothing.

    >>> read_date("31.1.2027")
    '2027-01-31'
    """
    text = text.strip()
    if not text:
        return ""
    day = read_day(text[:LONGEST_WORD], None)
    if day is None:
        raise Unusable(f"“{text[:LONGEST_WORD]}” is not a date. Write one such as 2027-01-31.")
    return day.isoformat()


def read_past_date(text: str, today: date) -> str:
    """The same of something that has happened."""
    day = read_date(text)
    if day and date.fromisoformat(day) > today:
        raise Unusable("This day is still to come. Enter one that has passed.")
    return day


def read_phone(text: str) -> str:
    """A phone number as people write it, or nothing.

    >>> read_phone("+44 20  7946 0000")
    '+44 20 7946 0000'
    """
    phone = read_words(text)
    if phone and not (PHONE.fullmatch(phone) and any(one.isdecimal() for one in phone)):
        raise Unusable(f"“{phone}” is not a phone number. Write one such as +44 20 7946 0000.")
    return phone


def read_yes(text: str) -> str:
    """A tick: "yes", or nothing.

    >>> read_yes("on"), read_yes("")
    ('yes', '')
    """
    return YES if text else ""


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unusable(f"This has {len(text):,} characters. Shorten it to {longest}.")
    return text
