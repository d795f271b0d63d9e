"""Conditions on columns: search words as patterns for LIKE, with the reader's own wildcards taken
literally, and lists of any length.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    cast,
    false,
    func,
    union,
)

ESCAPE = "\\"
MAX_CODE_POINT = 0x10FFFF


def contains(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """Whether the column holds the words anywhere, whatever the case."""
    return func.lower(column).like(f"%{_literal(words)}%", escape=ESCAPE)


def holds_every(column: SQLColumnExpression[Any], parts: Iterable[str]) -> ColumnElement[bool]:
    """Whether the folded column holds each of the words anywhere, in whatever order; no words are
    nowhere.
    """
    each = [column.like(f"%{_literal(part)}%", escape=ESCAPE) for part in parts]
    return and_(*each) if each else false()


def searched(
    key: SQLColumnExpression[Any],
    row_id: SQLColumnExpression[Any],
    parts: Sequence[str],
    *,
    along: Iterable[SQLColumnExpression[Any]],
    most: int,
) -> Iterator[Select[*tuple[Any, ...]]]:
    """The ids of rows whose `key` holds every word and begins with one of them, in any of the
    indexed keys `along`; of each beginning the first `most` rows are looked at.
    """
    for start, part in product(along, parts):
        begun: Select[*tuple[Any, ...]] = Select(row_id.label("id"), key.label("key"))
        found = begun.where(key_starts_with(start, part)).limit(most).subquery()
        yield Select(found.c.id).where(holds_every(found.c.key, parts))


def key_starts_with(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """The same from the start of a lower-case key, in a form that its prefix index serves.

    LIKE may not use an index on a table with row-level security, because it could tell of rows that
    the policy hides; these operators are known not to.
    """
    start = words.lower()
    after = start[:-1] + chr(min(ord(start[-1]) + 1, MAX_CODE_POINT)) if start else ""
    return column.op("~>=~", is_comparison=True)(start) & column.op("~<~", is_comparison=True)(
        after
    )


def one_of(
    column: SQLColumnExpression[Any], *searches: Select[*tuple[Any, ...]]
) -> ColumnElement[bool]:
    """Whether an id is among what several searches found: they run first, and the rows are looked
    up by id. As plain sub-selects they would be held against every row along the list's order.
    """
    found = union(*searches).subquery()
    return column == any_(func.array(Select(found.c[0]).scalar_subquery()))


def in_list(column: SQLColumnExpression[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column is one of these texts. They are one parameter: a statement takes no more
    than 65,535, and Gmail may name more messages than that at once.
    """
    return column == any_(cast(list(values), ARRAY(Text)))


def _literal(words: str) -> str:
    escaped = words.lower().replace(ESCAPE, ESCAPE * 2)
    return escaped.replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
