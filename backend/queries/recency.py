"""Filters a query by age."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, text

from backend.domain.recency import Before, Never, Since, recency
from backend.queries.keyset import AnySelect


def narrowed(
    query: AnySelect, key: ColumnElement[Any], wanted: str | None, now: datetime
) -> AnySelect:
    """The query with one such filter. `key` is a time, or -infinity for never."""
    match recency(wanted, now):
        case Since(at=at):
            return query.where(key >= at)
        case Before(at=at):
            return query.where(key < at)
        case Never():
            return query.where(key == text("'-infinity'"))
        case None:
            return query
