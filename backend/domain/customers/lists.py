"""A customer list in the browser: its bounds, its states, and the chosen columns.

`columns` guesses; here a person's choice counts, column by column.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from backend.domain.customers.columns import BadHeader, Column, Header

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_NAME = 100
"""Characters of a column's name that are kept and shown."""

SAMPLES = 3
"""Cells shown of each column."""

SHOWN_FINDINGS = 50
"""Findings shown on the page; the file of findings has all of them."""

KEPT_DAYS = 30
"""How long a list's file and its undo data are kept."""

MOST_TRIES = 5
"""How often a worker may retry a list without progress."""

TRAIT = "trait:"
"""Before the name of a trait, where a column is chosen for it."""


class ListState(StrEnum):
    """The state of a list. `MOVES` has every transition."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


AT_WORK = frozenset({ListState.CHECKING, ListState.RUNNING, ListState.UNDOING})
"""States that a worker continues."""

WRITTEN = frozenset({ListState.DONE, ListState.STOPPED, ListState.FAILED})
"""States that can be undone."""

MOVES: frozenset[tuple[ListState, ListState]] = frozenset(
    {
        (ListState.UPLOADED, ListState.CHECKING),
        (ListState.CHECKING, ListState.CHECKED),
        (ListState.CHECKED, ListState.CHECKING),
        (ListState.CHECKED, ListState.RUNNING),
        (ListState.RUNNING, ListState.DONE),
        (ListState.RUNNING, ListState.STOPPED),
        *((one, ListState.UNDOING) for one in WRITTEN),
        (ListState.UNDOING, ListState.UNDONE),
        *((one, ListState.FAILED) for one in AT_WORK),
    }
)


def guessed(header: Header | BadHeader, width: int) -> tuple[str, ...]:
    """The guessed meaning of each of `width` columns; empty where unknown.

    >>> guessed(Header(("Mail", "Id"), {Column.EMAIL: (0,)}), 2)
    ('Email', '')
    """
    chosen = [""] * width
    if isinstance(header, Header):
        for column, places in header.places.items():
            for place in places:
                chosen[place] = column.value
        for name, place in header.traits.items():
            chosen[place] = TRAIT + name
    return tuple(chosen)


def chosen_header(
    names: Sequence[str], chosen: Sequence[str], traits: Collection[str]
) -> Header | BadHeader:
    """The header as a person chose it; unknown columns are ignored.

    >>> chosen_header(["A", "B"], ["Email", ""], ()).places
    {<Column.EMAIL: 'Email'>: (0,)}
    >>> chosen_header(["A"], ["Plan"], ()).sentence
    'Choose at least one column for Email or Account: without them a line names nobody.'
    """
    known = {column.value: column for column in Column}
    places: dict[Column, tuple[int, ...]] = {}
    own: dict[str, int] = {}
    for place, word in enumerate(chosen[: len(names)]):
        if word in known:
            places[known[word]] = (*places.get(known[word], ()), place)
        elif word.startswith(TRAIT) and word.removeprefix(TRAIT) in traits:
            own.setdefault(word.removeprefix(TRAIT), place)
    if Column.EMAIL not in places and Column.ACCOUNT not in places:
        return BadHeader(
            "Choose at least one column for Email or Account: without them a line names nobody."
        )
    ignored = tuple(name for name, word in zip(names, chosen, strict=False) if name and not word)
    return Header(tuple(names), places, ignored, own)


def total(*counts: Mapping[str, int]) -> dict[str, int]:
    """Counts added up by name."""
    found: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            found[name] = found.get(name, 0) + number
    return found
