"""Conditions on columns: search words as LIKE patterns, with wildcards escaped, and lists of any
length.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TypeVar

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
    select,
    union,
)

Id = TypeVar("Id")
ESCAPE = "\\"
MAX_CODE_POINT = 0x10FFFF


def contains(column: SQLColumnExpression[object], words: str) -> ColumnElement[bool]:
    """Whether the column contains the words, in any case."""
    return func.lower(column).like(f"%{_literal(words)}%", escape=ESCAPE)


def holds_every(column: SQLColumnExpression[object], parts: Iterable[str]) -> ColumnElement[bool]:
    """Whether the folded column contains each of the words, in any order; without words, false."""
    each = [column.like(f"%{_literal(part)}%", escape=ESCAPE) for part in parts]
    return and_(*each) if each else false()


def searched(
    key: SQLColumnExpression[str],
    row_id: SQLColumnExpression[Id],
    parts: Sequence[str],
    *,
    along: Iterable[SQLColumnExpression[object]],
    most: int,
) -> Iterator[Select[Id]]:
    """The ids of rows whose `key` contains every word and begins with one of them, in any of the
    indexed keys `along`; of each beginning the first `most` rows are checked.
    """
    for start, part in product(along, parts):
        begun: Select[Id, str] = select(row_id.label("id"), key.label("key"))
        found = begun.where(key_starts_with(start, part)).limit(most).subquery()
        yield select(found.c.id).where(holds_every(found.c.key, parts))


def key_starts_with(column: SQLColumnExpression[object], words: str) -> ColumnElement[bool]:
    """Prefix match on a lower-case key, in a form that its prefix index serves.

    LIKE may not use an index on a table with row-level security, because it could leak rows that
    the policy hides; these operators are leakproof.
    """
    start = words.lower()
    after = start[:-1] + chr(min(ord(start[-1]) + 1, MAX_CODE_POINT)) if start else ""
    return column.op("~>=~", is_comparison=True)(start) & column.op("~<~", is_comparison=True)(
        after
    )


def one_of(column: SQLColumnExpression[Id], *searches: Select[Id]) -> ColumnElement[bool]:
    """Whether an id is in the union of several searches: they run first, and the rows are looked up
    by id. As plain subqueries they would be checked against every row in the list's order.
    """
    found = union(*searches).subquery()
    return column == any_(func.array(select(found.c[0]).scalar_subquery()))


def in_list(column: SQLColumnExpression[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column is one of these texts, passed as one parameter: a statement takes at most
    65,535, and Gmail may name more messages than that at once.
    """
    return column == any_(cast(list(values), ARRAY(Text)))


def _literal(words: str) -> str:
    escaped = words.lower().replace(ESCAPE, ESCAPE * 2)
    return escaped.replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
