"""Search words as patterns for LIKE, with the reader's own wildcards taken literally."""

from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, any_, func, union

ESCAPE = "\\"
MAX_CODE_POINT = 0x10FFFF


def contains(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """Whether the column holds the words anywhere, whatever the case."""
    return func.lower(column).like(f"%{_literal(words)}%", escape=ESCAPE)


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


def _literal(words: str) -> str:
    escaped = words.lower().replace(ESCAPE, ESCAPE * 2)
    return escaped.replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
