"""Reads whom to invite from a pasted list or the rows of a CSV file, with a role on each line.

A line that names a role is one person: "Kim Doyle, kim@ours.example, leader", in any order. A line
without one is read as addresses are pasted from a mail program. A file may begin with the names of
its columns; then a role that nobody has is an error, not part of a name.
"""

import re
from collections.abc import Sequence

from backend.domain.people.entered_people import bare_address, split_entries, written_person
from backend.domain.people.roles import Role

BETWEEN_CELLS = re.compile(r"[,;\t]")
EMAIL_COLUMNS = frozenset({"email", "e-mail", "email address", "mail", "address", "google address"})
NAME_COLUMNS = frozenset({"name", "full name"})
ROLE_COLUMN = "role"
ROLES = {role.value: role for role in Role}

Entry = tuple[str, Role | None]
"""A person as typed, and their own role, if the line names one."""


def read_pasted(text: str) -> tuple[Entry, ...]:
    """The people of a pasted list.

    >>> read_pasted("Kim Doyle, kim@ours.example, Leader")
    (('Kim Doyle <kim@ours.example>', <Role.LEADER: 'leader'>),)
    >>> [entry for entry, _ in read_pasted("a@ours.example, b@ours.example")]
    ['a@ours.example', 'b@ours.example']
    """
    with_role: list[Entry] = []
    rest: list[str] = []
    for line in text.splitlines():
        entry = _with_role([cell.strip(' "') for cell in BETWEEN_CELLS.split(line)])
        if entry is None:
            rest.append(line)
        else:
            with_role.append(entry)
    return (*with_role, *((one, None) for one in split_entries("\n".join(rest))))


def read_rows(rows: Sequence[Sequence[str]]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The people of a file, and what cannot be used of it.

    >>> read_rows([["Email", "Role"], ["kim@ours.example", "manager"]])[1]
    ('manager, the role of kim@ours.example',)
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not filled or any("@" in cell for cell in filled[0]):
        return tuple(_of_row(row) for row in filled), ()
    names = [cell.casefold() for cell in filled[0]]
    places = [number for number, one in enumerate(names) if one in EMAIL_COLUMNS]
    if not places:
        return (), ("The first line of the file names no column Email",)
    found: list[Entry] = []
    wrong: list[str] = []
    for row in filled[1:]:
        cells = dict(zip(names, row, strict=False))
        email = row[places[0]] if places[0] < len(row) else ""
        said = cells.get(ROLE_COLUMN, "").casefold()
        if said and said not in ROLES:
            wrong.append(f"{said}, the role of {email}")
        name = next((cells[one] for one in NAME_COLUMNS if cells.get(one)), "")
        found.append((written_person(name, email), ROLES.get(said)))
    return tuple(found), tuple(wrong)


def _of_row(row: Sequence[str]) -> Entry:
    """A row of a file without names of columns."""
    entry = _with_role(row)
    if entry is not None:
        return entry
    addresses = [cell for cell in row if "@" in cell]
    name = " ".join(cell for cell in row if cell and "@" not in cell)
    return (written_person(name, addresses[0]) if addresses else name, None)


def _with_role(cells: Sequence[str]) -> Entry | None:
    """The one person of a line that names a role, else None."""
    roles = [ROLES[cell.casefold()] for cell in cells if cell.casefold() in ROLES]
    addresses = [cell for cell in cells if "@" in cell]
    if len(roles) != 1 or len(addresses) != 1:
        return None
    others = [cell for cell in cells if cell and "@" not in cell and cell.casefold() not in ROLES]
    written = addresses[0]
    if others:
        written = written_person(" ".join(others), bare_address(written))
    return written, roles[0]
