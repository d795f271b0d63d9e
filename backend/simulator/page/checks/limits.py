"""Documented limits and uniqueness: widgets and sections of a card, choices, columns, input names.

Separate from the other rules, which look at one message: these look at a whole card.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, Json, wrong
from backend.simulator.page.members import list_in

MOST_WIDGETS: Final = 100  # the section that crosses it and all after it are dropped
MOST_SECTIONS: Final = 100
MOST_ITEMS: Final = 100
MOST_COLUMNS: Final = 2
_INPUTS: Final = ("TextInput", "SelectionInput", "DateTimePicker")


def check_limits(card: Json, path: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """What is too much in one card, and names used twice."""
    sections = list_in(card, "sections")
    if len(sections) > MOST_SECTIONS:
        yield wrong(f"{path}.sections", f"{len(sections)} sections; the limit is {MOST_SECTIONS}.")
    widgets = sum(len(list_in(one, "widgets")) for one in sections if isinstance(one, dict))
    if widgets > MOST_WIDGETS:
        text = f"{widgets} widgets; the section that crosses {MOST_WIDGETS} and the rest vanish."
        yield wrong(f"{path}.sections", text)
    yield from _names(path, parts)
    for part in parts:
        yield from _sizes(part)


def _names(path: str, parts: Sequence[Part]) -> Iterator[Finding]:
    """Switches may share a name: their values arrive as one list."""
    names = Counter(str(part.fields.get("name", "")) for part in parts if part.kind in _INPUTS)
    for name, count in names.items():
        if name and count > 1:
            yield wrong(path, f"{count} inputs are named {name!r}; names must be unique.")


def _sizes(part: Part) -> Iterator[Finding]:
    if part.kind == "SelectionInput" and len(list_in(part.fields, "items")) > MOST_ITEMS:
        yield wrong(f"{part.path}.items", f"More than {MOST_ITEMS} choices.")
    if part.kind == "Columns" and len(list_in(part.fields, "columnItems")) > MOST_COLUMNS:
        yield wrong(f"{part.path}.columnItems", f"More than {MOST_COLUMNS} columns.")
    most = part.fields.get("multiSelectMaxSelectedItems")
    if isinstance(most, int) and most < 1:
        yield wrong(f"{part.path}.multiSelectMaxSelectedItems", "At least one must be choosable.")
