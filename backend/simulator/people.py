"""Who has a mailbox here. Strangers get one with the first mail, so anybody can play them."""

import hashlib
import sqlite3
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """On which side of the counter somebody sits."""

    TEAM = "team"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Person:
    """Somebody with a mailbox."""

    email: str
    name: str
    sub: str
    role: Role
    title: str = ""


# The first changes after a reset carry an id from six digits to seven, where a comparison of ids
# as text goes wrong.
FIRST_HISTORY_ID = 999_990

COLUMNS = "email, name, sub, role, title"


def subject_of(email: str) -> str:
    """A stable 21-digit account id, as Google's are."""
    number = int.from_bytes(hashlib.sha256(email.encode()).digest()[:8])
    return f"1{number % 10**20:020d}"


def name_from(email: str) -> str:
    """A name for somebody of whom only the address is known.

    >>> name_from("dana.reyes@northwind.example")
    'Dana Reyes'
    """
    local = email.partition("@")[0]
    return " ".join(word.capitalize() for word in local.replace("_", ".").split(".") if word)


def find(db: sqlite3.Connection, email: str) -> Person | None:
    row = db.execute(
        f"SELECT {COLUMNS} FROM person WHERE email = ?",  # noqa: S608 - our own columns
        (email.lower(),),
    ).fetchone()
    return None if row is None else _person(row)


def everybody(db: sqlite3.Connection) -> list[Person]:
    """Team first, in the order they were added."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM person ORDER BY role = 'outside', rowid"  # noqa: S608
    )
    return [_person(row) for row in rows]


def add(
    db: sqlite3.Connection,
    email: str,
    *,
    name: str = "",
    role: Role = Role.OUTSIDE,
    title: str = "",
) -> Person:
    """The person of this address, with an empty mailbox when there was none."""
    address = email.lower()
    person = Person(address, name or name_from(address), subject_of(address), role, title)
    first = f"{FIRST_HISTORY_ID:020d}"
    db.execute(
        "INSERT INTO person VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (person.email, person.name, person.sub, person.role, person.title, first, first),
    )
    return find(db, address) or person


def give_away(db: sqlite3.Connection, email: str) -> None:
    """The address belongs to a new account: somebody else's, or the same person's recreated one."""
    db.execute(
        "UPDATE person SET sub = ? WHERE email = ?",
        (subject_of(f"{email.lower()} anew"), email.lower()),
    )


def _person(row: sqlite3.Row) -> Person:
    return Person(row["email"], row["name"], row["sub"], Role(row["role"]), row["title"])
