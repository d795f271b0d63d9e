"""Search words as patterns for LIKE, with the reader's own wildcards taken literally."""

from typing import Any

from sqlalchemy import ColumnElement, func

ESCAPE = "\\"


def contains(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Whether the column holds the words anywhere, whatever the case."""
    return func.lower(column).like(f"%{_literal(words)}%", escape=ESCAPE)


def starts_with(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Whether the column begins with the words, whatever the case."""
    return func.lower(column).like(f"{_literal(words)}%", escape=ESCAPE)


def key_starts_with(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """The same for a column that is lower case already, so that its prefix index serves."""
    return column.like(f"{_literal(words)}%", escape=ESCAPE)


def _literal(words: str) -> str:
    escaped = words.lower().replace(ESCAPE, ESCAPE * 2)
    return escaped.replace("%", ESCAPE + "%").replace("_", ESCAPE + "_")
