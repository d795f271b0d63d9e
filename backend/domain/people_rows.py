"""One line of a customer list: what it says about an account and a person, or what is wrong.

Pure and without the store, so that a whole list can be judged before anything of it is written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from backend.domain.address import address_key, clean_name, is_valid_address
from backend.domain.domains import domain_in, is_company_domain
from backend.domain.people_columns import Column, Header
from backend.domain.suggestions import name_from

C = TypeVar("C", Column, str)
LONGEST_WORD = 100
"""Characters of a plan or a title."""

YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "x"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", ""})
_GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""What exporters put before a cell that a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCells:
    """What a line says about an account. What it leaves empty stays as it is. `traits` has the
    names of further columns with what they say.
    """

    name: str
    domain: str | None = None
    csm: str = ""
    ae: str = ""
    plan: str | None = None
    health: int | None = None
    renews_on: date | None = None
    traits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCells:
    """What a line says about a person. `given_name` is what it says, `name` is never empty."""

    address: str
    key: str
    name: str
    given_name: str | None = None
    title: str | None = None
    known_since: date | None = None
    assigned_to: str = ""
    unsubscribed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One good line, by its number in the file. `notes` tell what of it is left out."""

    number: int
    account: AccountCells | None
    person: PersonCells | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that cannot be taken, with every reason."""

    number: int
    sentences: tuple[str, ...]


def read_line(number: int, cells: Sequence[str], header: Header) -> Line | BadLine | None:
    """Read one line; None when it is empty.

    >>> header = Header({Column.ACCOUNT: 0, Column.EMAIL: 1}, 2, ())
    >>> read_line(2, ["Alpha", "mia.lang@alpha.example"], header).person.name
    'Mia Lang'
    >>> read_line(3, ["Alpha", "mia@"], header)
    BadLine(number=3, sentences=('"mia@" is not a usable email address.',))
    """
    if not any(cell.strip() for cell in cells):
        return None
    wrong: list[str] = []
    if len(cells) > header.width:
        wrong.append(
            f"It has {len(cells)} cells and the first line {header.width}."
            " A cell with a separator inside needs quotes around it."
        )
    said = _said(header.places, cells)
    traits = tuple((name, value) for name, value in _said(header.traits, cells).items() if value)
    account, person = _account(said, traits, wrong), _person(said, wrong)
    if account is None and person is None and not wrong:
        wrong.append("It has neither an account nor an email address.")
    if wrong:
        return BadLine(number, tuple(wrong))
    return Line(number=number, account=account, person=person)


def _said(places: Mapping[C, int], cells: Sequence[str]) -> dict[C, str]:
    """What stands at each place of the line."""
    return {
        column: _GUARD.sub("", cells[place], count=1).strip()
        for column, place in places.items()
        if place < len(cells)
    }


def _account(
    said: Mapping[Column, str], traits: tuple[tuple[str, str], ...], wrong: list[str]
) -> AccountCells | None:
    name = clean_name(said.get(Column.ACCOUNT, ""))
    domain = _domain(said.get(Column.DOMAIN, ""), wrong)
    found = AccountCells(
        name=name or domain or "",
        domain=domain,
        csm=said.get(Column.CSM, ""),
        ae=said.get(Column.AE, ""),
        plan=_word(said.get(Column.PLAN, "")),
        health=_health(said.get(Column.HEALTH, ""), wrong),
        renews_on=_date(Column.RENEWS_ON, said, wrong),
        traits=traits,
    )
    return found if found.name else None


def _person(said: Mapping[Column, str], wrong: list[str]) -> PersonCells | None:
    address = said.get(Column.EMAIL, "")
    known_since = _date(Column.KNOWN_SINCE, said, wrong)
    unsubscribed = said.get(Column.UNSUBSCRIBED, "").lower()
    if unsubscribed not in YES | NO:
        wrong.append(f'"{unsubscribed}" under Unsubscribed is neither yes nor no.')
    if not address:
        return None
    key = address_key(address)
    if not key or not is_valid_address(address):
        wrong.append(f'"{address}" is not a usable email address.')
        return None
    both = f"{said.get(Column.FIRST_NAME, '')} {said.get(Column.LAST_NAME, '')}"
    given = clean_name(said.get(Column.NAME, "") or both) or None
    return PersonCells(
        address=address,
        key=key,
        name=given or name_from("", key),
        given_name=given,
        title=_word(said.get(Column.TITLE, "")),
        known_since=known_since,
        assigned_to=said.get(Column.ASSIGNED_TO, ""),
        unsubscribed=unsubscribed in YES,
    )


def _domain(text: str, wrong: list[str]) -> str | None:
    """From a domain or a website: "https://www.alpha.example/de" is alpha.example."""
    if not text:
        return None
    key = domain_in(text)
    if key is None:
        wrong.append(f'"{text}" is not a domain.')
        return None
    if not is_company_domain(key):
        wrong.append(f"Anybody can have an address at {key}, so it names no account.")
        return None
    return key


def _health(text: str, wrong: list[str]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= 100):
        wrong.append(f'"{text}" under Health is not a whole number from 0 to 100.')
        return None
    return int(text)


def _date(column: Column, said: Mapping[Column, str], wrong: list[str]) -> date | None:
    """The day of an ISO date; a time after it is left out."""
    text = said.get(column, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        wrong.append(f'"{text}" under {column.value} is not a date such as 2027-01-31.')
        return None


def _word(text: str) -> str | None:
    return clean_name(text)[:LONGEST_WORD] or None
