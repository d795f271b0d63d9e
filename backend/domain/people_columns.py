"""Which column of a customer list says what, by the names that HubSpot, Salesforce and we use.

Separate from reading the rows: the header is judged once, and before anything else.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Column(StrEnum):
    """What a column may say. The value is our own name for it."""

    ACCOUNT = "Account"
    DOMAIN = "Domain"
    CSM = "CSM"
    AE = "AE"
    PLAN = "Plan"
    HEALTH = "Health"
    RENEWS_ON = "Renews on"
    NAME = "Name"
    FIRST_NAME = "First name"
    LAST_NAME = "Last name"
    EMAIL = "Email"
    TITLE = "Title"
    KNOWN_SINCE = "Known since"
    ASSIGNED_TO = "Assigned to"
    UNSUBSCRIBED = "Unsubscribed"


MEANING: Mapping[Column, str] = {
    Column.ACCOUNT: "the company's name",
    Column.DOMAIN: "its mail domain or website; one account for each domain",
    Column.CSM: "email or full name of the colleague who looks after it",
    Column.AE: "email or full name of its account executive",
    Column.PLAN: "what it bought",
    Column.HEALTH: "a whole number from 0 to 100",
    Column.RENEWS_ON: "a date, 2027-01-31",
    Column.NAME: "the person's full name, or First name and Last name",
    Column.FIRST_NAME: "used together with Last name",
    Column.LAST_NAME: "used together with First name",
    Column.EMAIL: "the person's address; one contact for each address",
    Column.TITLE: "the person's role",
    Column.KNOWN_SINCE: "since when you know the person, as a date; today without it",
    Column.ASSIGNED_TO: "email or full name of the colleague the person is assigned to",
    Column.UNSUBSCRIBED: "yes or no; nobody is ever subscribed again by a list",
}

ALIASES: Mapping[str, Column] = {
    "accountname": Column.ACCOUNT,
    "associatedcompany": Column.ACCOUNT,
    "company": Column.ACCOUNT,
    "companyname": Column.ACCOUNT,
    "organisation": Column.ACCOUNT,
    "organization": Column.ACCOUNT,
    "accountdomain": Column.DOMAIN,
    "companydomain": Column.DOMAIN,
    "companydomainname": Column.DOMAIN,
    "website": Column.DOMAIN,
    "accountowner": Column.CSM,
    "companyowner": Column.CSM,
    "csmemail": Column.CSM,
    "owner": Column.CSM,
    "owneremail": Column.CSM,
    "accountexecutive": Column.AE,
    "healthscore": Column.HEALTH,
    "renewal": Column.RENEWS_ON,
    "renewaldate": Column.RENEWS_ON,
    "assignee": Column.ASSIGNED_TO,
    "contactowner": Column.ASSIGNED_TO,
    "contactname": Column.NAME,
    "fullname": Column.NAME,
    "emailaddress": Column.EMAIL,
    "workemail": Column.EMAIL,
    "jobtitle": Column.TITLE,
    "createdate": Column.KNOWN_SINCE,
    "createddate": Column.KNOWN_SINCE,
    "customersince": Column.KNOWN_SINCE,
    "emailoptout": Column.UNSUBSCRIBED,
    "hasoptedoutofemail": Column.UNSUBSCRIBED,
    "unsubscribedfromallemail": Column.UNSUBSCRIBED,
}
"""Other products' names for the same, in lower case and without spaces."""

NAMES: Mapping[str, Column] = {
    **ALIASES,
    **{re.sub(r"\W", "", one.value).lower(): one for one in Column},
}
_NO_LETTER = re.compile(r"[\W_]+")
MOST_NAMES, LONGEST_NAME = 50, 60
"""Of how many unknown columns, and up to what length, a meaning is guessed."""


@dataclass(frozen=True)
class Header:
    """Where each column stands, and the names that say nothing to us. `traits` has the places of
    the workspace's own traits of accounts, by their names.
    """

    places: Mapping[Column, int]
    width: int
    ignored: tuple[str, ...]
    traits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BadHeader:
    """The list cannot be read; `sentence` says why and what to do."""

    sentence: str


def plain_name(name: str) -> str:
    """A name of a column without what spreadsheets write in different ways."""
    return _NO_LETTER.sub("", name).lower()


def read_header(cells: Sequence[str], traits: Iterable[str] = ()) -> Header | BadHeader:
    """Find the columns. A list of companies calls the account "Name", as nobody else is named.

    >>> found = read_header(["Record ID", "Name", "Company Domain Name"])
    >>> found.places[Column.ACCOUNT], found.places[Column.DOMAIN], found.ignored
    (1, 2, ('Record ID',))
    >>> read_header(["Person", "Emial"]).sentence
    'The first line names neither an Email nor an Account column. Did you mean "Email" by "Emial"?'
    """
    named = {plain_name(one): one for one in traits}
    places: dict[Column, int] = {}
    own: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        column, trait = NAMES.get(plain_name(cell)), named.get(plain_name(cell))
        if column is None and trait is not None:
            own.setdefault(trait, place)
        elif column is None:
            ignored.append(cell.strip())
        elif column in places:
            twice = f'"{cells[places[column]].strip()}" and "{cell.strip()}"'
            return BadHeader(f"The columns {twice} both say the {column.value}. Keep one of them.")
        else:
            places[column] = place
    if Column.EMAIL not in places and Column.NAME in places and Column.ACCOUNT not in places:
        places[Column.ACCOUNT] = places.pop(Column.NAME)
    if Column.EMAIL not in places and Column.ACCOUNT not in places:
        what = "The first line names neither an Email nor an Account column."
        return BadHeader(f"{what} {_hint(ignored)}".strip())
    return Header(places, len(cells), tuple(name for name in ignored if name), own)


def _hint(names: Sequence[str]) -> str:
    for name in (one for one in names[:MOST_NAMES] if len(one) <= LONGEST_NAME):
        near = difflib.get_close_matches(plain_name(name), NAMES, n=1, cutoff=0.75)
        if near:
            return f'Did you mean "{NAMES[near[0]].value}" by "{name}"?'
    return ""
