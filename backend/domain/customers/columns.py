"""Maps the columns of a customer list, by the names that other products and we use.

The header is checked once, before the rows are read.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Column(StrEnum):
    """The meaning of a column. The value is our own name for it."""

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

SAID_BY: Mapping[Column, tuple[str, ...]] = {
    Column.ACCOUNT: (
        *("account", "accountname", "associatedcompany", "primaryassociatedcompany"),
        *("companyname", "company", "personorganization", "organizationname", "organization"),
        *("organization1name", "organisationname", "organisation"),
        *("unternehmensname", "unternehmen", "firmenname", "firma"),
    ),
    Column.DOMAIN: (
        *("domain", "accountdomain", "companydomain", "companydomainname", "organizationdomain"),
        *("organizationwebsite", "website"),
    ),
    Column.CSM: (
        *("csm", "csmemail", "accountowner", "companyowner", "organizationowner"),
        *("owneremail", "owner", "accountinhaber"),
    ),
    Column.AE: ("ae", "accountexecutive"),
    Column.PLAN: ("plan",),
    Column.HEALTH: ("health", "healthscore"),
    Column.RENEWS_ON: ("renewson", "renewaldate", "renewal"),
    Column.NAME: ("name", "fullname", "contactname", "personname"),
    Column.FIRST_NAME: ("firstname", "givenname", "personfirstname", "vorname"),
    Column.LAST_NAME: ("lastname", "familyname", "surname", "personlastname", "nachname"),
    Column.EMAIL: (
        *("email", "emailaddress", "emailadresse", "workemail", "email1value"),
        *("personemailwork", "personemail", "personemailhome", "personemailother"),
        *("email2value", "email3value", "email4value", "email2address", "email3address"),
        *("email2adresse", "email3adresse", "additionalemailaddresses"),
    ),
    Column.TITLE: (
        *("jobtitle", "personjobtitle", "organizationtitle", "organization1title"),
        *("position", "title", "titel"),
    ),
    Column.KNOWN_SINCE: (
        *("knownsince", "customersince", "createdate", "createddate", "personpersoncreated"),
        *("erstelldatum", "erstellungsdatum", "erstelltam"),
    ),
    Column.ASSIGNED_TO: (
        *("assignedto", "assignee", "contactowner", "personowner", "kontaktinhaber"),
    ),
    Column.UNSUBSCRIBED: (
        *("unsubscribed", "unsubscribedfromallemail", "emailoptout", "hasoptedoutofemail"),
        *("personmarketingstatus",),
    ),
}
"""What HubSpot, Salesforce, Google Contacts, Pipedrive and Outlook call each, in lower case and
letters only. The first that is present and not empty counts.
"""

NAMES: Mapping[str, Column] = {name: column for column, names in SAID_BY.items() for name in names}
_FORM_OF_ADDRESS = frozenset({"title", "titel"})
"""In a list that has the job as well, these are "Ms" and "Dr"."""
_NO_LETTER = re.compile(r"[\W_]+")
_REMARK = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]")
MOST_NAMES, LONGEST_NAME = 50, 60
"""For how many unknown columns, and up to what length, a meaning is guessed."""


@dataclass(frozen=True)
class Header:
    """The positions of each column, the best first, and the unknown names. `names` are all cells of
    the line. `traits` has the positions of the workspace's own account traits, by name.
    """

    names: tuple[str, ...]
    places: Mapping[Column, tuple[int, ...]]
    ignored: tuple[str, ...] = ()
    traits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BadHeader:
    """The list cannot be read; `sentence` says why and what to do."""

    sentence: str


def plain_name(name: str) -> str:
    """A column's name without differences between spreadsheets."""
    return _NO_LETTER.sub("", name).lower()


def read_header(cells: Sequence[str], traits: Iterable[str] = ()) -> Header | BadHeader:
    """Find the columns. A list of companies calls the account "Name", since it names no people.

    >>> found = read_header(["Record ID", "Name", "Company Domain Name"])
    >>> found.places[Column.ACCOUNT], found.places[Column.DOMAIN], found.ignored
    ((1,), (2,), ('Record ID',))
    >>> read_header(["Email*", "Associated Company", "Company name"]).places[Column.ACCOUNT]
    (1, 2)
    >>> read_header(["Person", "Emial"]).sentence
    'The first line names neither an Email nor an Account column. Did you mean "Email" by "Emial"?'
    """
    named = {plain_name(one): one for one in traits}
    ranked: dict[Column, list[tuple[int, int]]] = {}
    own: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        name, trait = _known(cell), named.get(plain_name(cell))
        if trait is not None:
            own.setdefault(trait, place)
        elif name:
            column = NAMES[name]
            ranked.setdefault(column, []).append((SAID_BY[column].index(name), place))
        else:
            ignored.append(cell.strip())
    places = {column: tuple(place for _, place in sorted(ranked[column])) for column in ranked}
    ignored += _without_forms_of_address(cells, places)
    if Column.EMAIL not in places and Column.NAME in places and Column.ACCOUNT not in places:
        places[Column.ACCOUNT] = places.pop(Column.NAME)
    if Column.EMAIL not in places and Column.ACCOUNT not in places:
        what = "The first line names neither an Email nor an Account column."
        return BadHeader(f"{what} {_hint(ignored)}".strip())
    names = tuple(cell.strip() for cell in cells)
    return Header(names, places, tuple(name for name in ignored if name), own)


def _known(cell: str) -> str:
    """The cell as a name that is known, with or without a remark in brackets; empty when none."""
    ways = (plain_name(cell), plain_name(_REMARK.sub("", cell)))
    return next((name for name in ways if name in NAMES), "")


def _without_forms_of_address(
    cells: Sequence[str], places: dict[Column, tuple[int, ...]]
) -> list[str]:
    """Drop columns that hold "Ms" and "Dr" and not the job. Returns their names."""
    titles = places.get(Column.TITLE, ())
    forms = tuple(one for one in titles if _known(cells[one]) in _FORM_OF_ADDRESS)
    if not forms or forms == titles:
        return []
    places[Column.TITLE] = tuple(one for one in titles if one not in forms)
    return [cells[one].strip() for one in forms]


def _hint(names: Sequence[str]) -> str:
    for name in (one for one in names[:MOST_NAMES] if len(one) <= LONGEST_NAME):
        near = difflib.get_close_matches(plain_name(name), NAMES, n=1, cutoff=0.8)
        if near:
            return f'Did you mean "{NAMES[near[0]]}" by "{name}"?'
    return ""
