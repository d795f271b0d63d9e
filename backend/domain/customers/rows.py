"""One line of a customer list: what it says about an account and a person, or what is wrong.

Pure, so that a whole list can be checked before any of it is written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backend.domain.customers.addresses import addresses_in
from backend.domain.customers.columns import Column, Header
from backend.domain.customers.dates import DayOrder, read_day
from backend.domain.mail.address import clean_name
from backend.domain.mail.domains import domain_in, is_company_domain
from backend.domain.people.suggestions import name_from

LONGEST_WORD = 100
"""Characters of a plan or a title."""

YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "x", "wahr", "unsubscribed", "opted out"})
NO = frozenset(
    {"no", "n", "false", "0", "nein", "non", "falsch", "subscribed", "opted in"}
    | {"no consent", "no_consent", "bounced", "archived"}
)
DASHES = frozenset({"", "-", "--"})
NOTHING = DASHES | {"n/a", "#n/a", "null", "none"}
"""What some programs write into empty cells."""
NAMED_SO = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
"""Columns where "Null" and "None" can be a person's name."""
_GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""The mark that exporters put before a cell that a spreadsheet would take for a formula."""
_OWNER = re.compile(r"(?<!\s)\s*+[(<][^()<>@]*+@[^()<>]*+[)>]$")
"""The address behind the name of a colleague."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCells:
    """A line's cells about an account. Empty ones change nothing. `traits` has further columns'
    values by name.
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
    """A line's cells about a person. `given_name` is as written, `name` is never empty. `further`
    has more addresses by key.
    """

    address: str
    key: str
    name: str
    further: Mapping[str, str] = field(default_factory=dict)
    given_name: str | None = None
    title: str | None = None
    known_since: date | None = None
    assigned_to: str = ""
    unsubscribed: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all addresses, the first one first."""
        return (self.key, *self.further)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One valid line, by its number in the file. `notes` say which parts are left out: all of it
    when it has neither an account nor a person.
    """

    number: int
    account: AccountCells | None
    person: PersonCells | None
    notes: tuple[str, ...] = ()

    @property
    def left_out(self) -> bool:
        """Whether nothing of it is imported."""
        return self.account is None and self.person is None


@dataclass(frozen=True, slots=True)
class BadLine:
    """One line that cannot be imported, with every reason."""

    number: int
    sentences: tuple[str, ...]


def read_line(
    number: int, cells: Sequence[str], header: Header, order: DayOrder | None = None
) -> Line | BadLine | None:
    """Read one line; None when it is empty. An unreadable cell is left out with a note, except for
    the address and the account: without these the line would mean something else.

    >>> header = Header(("Account", "Email"), {Column.ACCOUNT: (0,), Column.EMAIL: (1,)})
    >>> read_line(2, ["Alpha", "mia.lang@alpha.example"], header).person.name
    'Mia Lang'
    >>> read_line(3, ["Alpha", "mia@"], header)
    BadLine(number=3, sentences=('"mia@" is not a usable email address.',))
    """
    if not any(cell.strip() for cell in cells):
        return None
    said = _Said(header, cells, order)
    if any(cell.strip() for cell in cells[len(header.names) :]):
        said.wrong.append(
            f"It has {len(cells)} cells and the first line {len(header.names)}."
            " A cell with a separator inside needs quotes around it."
        )
    account = _account(said)
    person = _person(said)
    if said.wrong:
        return BadLine(number, tuple(said.wrong))
    if account is None and person is None and not said.nobody:
        said.notes.append("It has neither an account nor an email address and is left out.")
    if said.nobody:
        rest = f"so only {account.name} is taken in" if account else "and is left out"
        said.notes.append(f"{said.nobody}, {rest}.")
    return Line(number=number, account=account, person=person, notes=tuple(said.notes))


@dataclass(slots=True)
class _Said:
    """A line's values by column, and the notes on it. `nobody` begins the sentence about a person
    without an address.
    """

    header: Header
    cells: Sequence[str]
    order: DayOrder | None
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nobody: str = ""

    def at(self, place: int) -> str:
        """The cell at a position, without a guard against formulas and unstorable characters."""
        cell = self.cells[place].replace("\0", "") if place < len(self.cells) else ""
        return _GUARD.sub("", cell, count=1).strip()

    def every(self, column: Column) -> dict[int, str]:
        """A column's values by position, the best first; empty ones are left out."""
        places = self.header.places.get(column)
        if places is None:
            return {}
        empty = DASHES if column in NAMED_SO else NOTHING
        said = {place: self.at(place) for place in places}
        return {place: text for place, text in said.items() if text.lower() not in empty}

    def text(self, column: Column) -> str:
        """Its first value. A different value in another column is noted."""
        found = self.every(column)
        first = next(iter(found), None)
        if first is None:
            return ""
        for place, text in found.items():
            if clean_name(text).casefold() != clean_name(found[first]).casefold():
                chosen, other = self.header.names[first], self.header.names[place]
                self.notes.append(
                    f'{column} is "{found[first]}" as {chosen} says;'
                    f' "{text}" under {other} is left out.'
                )
        return found[first]

    def day(self, column: Column) -> date | None:
        """Its date; an unreadable or ambiguous one is noted."""
        text = self.text(column)
        found = read_day(text, self.order) if text else None
        if text and found is None:
            self.notes.append(
                f'"{text}" under {column} is not a date that can only mean one day,'
                " such as 2027-01-31; left out."
            )
        return found


def _account(said: _Said) -> AccountCells | None:
    names = [one.strip() for one in said.text(Column.ACCOUNT).split(";") if one.strip()]
    said.notes += [
        f'A line has one account, here {names[0]}; "{one}" is left out.' for one in names[1:]
    ]
    domain = _domain(said)
    found = AccountCells(
        name=clean_name(names[0] if names else "") or domain or "",
        domain=domain,
        csm=_colleague(said, Column.CSM),
        ae=_colleague(said, Column.AE),
        plan=_word(said.text(Column.PLAN)),
        health=_health(said),
        renews_on=said.day(Column.RENEWS_ON),
        traits=tuple(
            (name, text) for name, one in said.header.traits.items() if (text := said.at(one))
        ),
    )
    return found if found.name else None


def _person(said: _Said) -> PersonCells | None:
    both = f"{said.text(Column.FIRST_NAME)} {said.text(Column.LAST_NAME)}"
    given = clean_name(said.text(Column.NAME) or both) or None
    title = _word(said.text(Column.TITLE))
    known_since = said.day(Column.KNOWN_SINCE)
    assigned_to = _colleague(said, Column.ASSIGNED_TO)
    usable, broken, inside = addresses_in(said.every(Column.EMAIL).values())
    if not usable and not broken:
        who = given or (f"Somebody ({title or inside})" if title or inside else "")
        said.nobody = f"{who} has no email address" if who else ""
        return None
    unusable = [f'"{one}" is not a usable email address.' for one in broken]
    if not usable:
        said.wrong += unusable
        return None
    said.notes += unusable
    key, *others = usable
    return PersonCells(
        address=usable[key],
        key=key,
        further={one: usable[one] for one in others},
        name=given or name_from("", key),
        given_name=given,
        title=title,
        known_since=known_since,
        assigned_to=assigned_to,
        unsubscribed=_unsubscribed(said, key),
    )


def _unsubscribed(said: _Said, key: str) -> bool:
    """Whether any column says so. An unclear word counts as unsubscribed, since that can be undone
    and a mail cannot.
    """
    words = said.every(Column.UNSUBSCRIBED).values()
    unclear = next((one for one in words if one.lower() not in YES | NO), None)
    if unclear is not None:
        said.notes.append(
            f'"{unclear}" under Unsubscribed is neither yes nor no, so {key} gets no bulk mail'
            " until a colleague says otherwise."
        )
    return unclear is not None or any(one.lower() in YES for one in words)


def _colleague(said: _Said, column: Column) -> str:
    """The name of a colleague alone: HubSpot writes "Robin Vale (robin@alpha.example)"."""
    return _OWNER.sub("", said.text(column)).strip()


def _domain(said: _Said) -> str | None:
    """From a domain or a website: "https://www.alpha.example/de" is alpha.example. The first column
    that names a company's counts; when none does, their values are noted.
    """
    unread: list[str] = []
    for text in said.every(Column.DOMAIN).values():
        key = domain_in(text)
        if key is not None and is_company_domain(key):
            return key
        unread.append(
            f'"{text}" is not a domain; left out.'
            if key is None
            else f"Anybody can have an address at {key}, so it names no account; left out."
        )
    said.notes += unread
    return None


def _health(said: _Said) -> int | None:
    text = said.text(Column.HEALTH)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= 100):
        said.notes.append(f'"{text}" under Health is not a whole number from 0 to 100; left out.')
        return None
    return int(text)


def _word(text: str) -> str | None:
    return clean_name(text)[:LONGEST_WORD] or None
