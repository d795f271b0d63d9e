"""Filters a query by age."""

from datetime import datetime

from sqlalchemy import Select, text

from backend.domain.recency import Before, Never, Since, recency
from backend.queries.keyset import AnyColumn, Ts


def narrowed(query: Select[*Ts], key: AnyColumn, wanted: str | None, now: datetime) -> Select[*Ts]:
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
