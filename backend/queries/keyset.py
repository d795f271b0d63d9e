"""Keyset pagination: the rows after the last one, along an index, at the same cost for any page.

Every list uses it. An order is an indexed expression with the id, both in one direction, so that
Postgres compares them as one row and walks the index in either direction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar, TypeVarTuple, cast

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Label,
    Row,
    Select,
    SQLColumnExpression,
    Text,
    case,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from backend.domain.paging import Cursor, ListQuery, Page, Way
from backend.errors import NotFound

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
AnyColumn: TypeAlias = ColumnElement[Any]
"""Of whatever type a list is sorted by."""

NEVER: ColumnElement[datetime] = literal_column("'-infinity'", DateTime(timezone=True))
COUNTED = 2_000
"""Rows. A longer list shows no count: counting would cost more than the page."""


@dataclass(frozen=True)
class Order:
    """How a list is sorted."""

    key: AnyColumn
    id: AnyColumn
    descending: bool


def latest(at: SQLColumnExpression[datetime | None]) -> AnyColumn:
    """A time that may be NULL, as the models index it: NULL comes last."""
    return case((at.is_(None), NEVER), else_=at)


@dataclass(frozen=True)
class Slice(Generic[*Ts]):
    """The rows of one page and the cursors around them, both as text. `partial`: the list continues
    beyond what was searched.
    """

    rows: Sequence[tuple[*Ts]]
    next_cursor: str
    previous_cursor: str
    partial: bool = False

    def showing(self, lines: Iterable[T], about_total: int | None = None) -> Page[T]:
        """The page with these lines, one for each row."""
        return Page(tuple(lines), self.next_cursor, self.previous_cursor, about_total, self.partial)

    def page(self, make: Callable[[tuple[*Ts]], T], about_total: int | None = None) -> Page[T]:
        """The page with every row mapped by `make`."""
        return self.showing(map(make, self.rows), about_total)


def page_of(session: Session, query: Select[*Ts], order: Order, asked: ListQuery) -> Slice[*Ts]:
    """The rows of `query` on the requested page. Raises NotFound for a forged cursor."""
    cursor = Cursor.decode(asked.cursor)
    back = cursor is not None and cursor.way is Way.BEFORE
    wanted = query if cursor is None else query.where(_beyond(order, cursor, back=back))
    wanted = wanted.order_by(*_sorted(order, back=back)).limit(asked.size + 1)
    rows = _rows(session, wanted.add_columns(*_sort_columns(order)))
    more = len(rows) > asked.size
    rows = rows[: asked.size]
    if back:
        rows.reverse()
    has_next, has_previous = (True, more) if back else (more, cursor is not None)
    return Slice(
        [cast("tuple[*Ts]", row[:-2]) for row in rows],  # without what the cursor is made of
        _cursor(rows[-1], Way.AFTER).encode() if rows and has_next else "",
        _cursor(rows[0], Way.BEFORE).encode() if rows and has_previous else "",
    )


@dataclass(frozen=True)
class Stretch:
    """A section of a long list, for conditions that no index serves. `edge` is the cursor after it;
    empty at the end of the list.
    """

    inside: ColumnElement[bool]
    edge: str
    back: bool

    def with_way_on(self, found: Slice[*Ts]) -> Slice[*Ts]:
        """The slice, with a next page where its rows end with the section and not with the list."""
        if not self.edge:
            return found
        if self.back:
            return replace(found, previous_cursor=found.previous_cursor or self.edge, partial=True)
        return replace(found, next_cursor=found.next_cursor or self.edge, partial=True)


def stretch_of(
    session: Session, query: Select[*Ts], order: Order, asked: ListQuery, *, long: int
) -> Stretch | None:
    """The `long` rows of `query` from the page's cursor on; None when the list has no more."""
    first = _edge(session, query, order, Way.AFTER, long)
    if first is None:
        return None
    cursor = Cursor.decode(asked.cursor)
    if cursor is None:
        return Stretch(_not_beyond(order, first, back=False), first.encode(), back=False)
    back = cursor.way is Way.BEFORE
    beyond = _beyond(order, cursor, back=back)
    edge = _edge(session, query.where(beyond), order, cursor.way, long)
    if edge is None:
        return Stretch(beyond, "", back)
    return Stretch(beyond & _not_beyond(order, edge, back=back), edge.encode(), back)


def _edge(session: Session, query: Select[*Ts], order: Order, way: Way, long: int) -> Cursor | None:
    """The last of the first `long` rows; None when there are no more than these."""
    back = way is Way.BEFORE
    last = query.with_only_columns(*_sort_columns(order)).order_by(*_sorted(order, back=back))
    rows = _rows(session, last.offset(long - 1).limit(2))
    return _cursor(rows[0], way) if len(rows) == 2 else None


def _sort_columns(order: Order) -> tuple[Label[str], Label[str]]:
    """What a cursor is made of, as text."""
    return sql_cast(order.key, Text).label("sort_value"), sql_cast(order.id, Text).label("sort_id")


def count_up_to(session: Session, query: Select[*Ts]) -> int | None:
    """How many rows the query has; None when they are too many to count."""
    bare = query.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    rows = bare.limit(COUNTED + 1).subquery()
    counted = session.scalar(select(func.count()).select_from(rows)) or 0
    return counted if counted <= COUNTED else None


def _rows(session: Session, statement: Select[*Ts]) -> list[Row[*Ts]]:
    try:
        return list(session.execute(statement))
    except DataError as error:
        raise NotFound("This link to a page of the list is broken. Start at its top.") from error


def _beyond(order: Order, cursor: Cursor, *, back: bool) -> ColumnElement[bool]:
    """The rows after the cursor's. The value alone is compared as well, because under row-level
    security an index serves a plain comparison but no row comparison. Both are bound with the type
    of their column: a cast would hide them from the index.
    """
    value, row_id = literal(cursor.value, order.key.type), literal(cursor.id, order.id.type)
    here, there = tuple_(order.key, order.id), tuple_(value, row_id)
    if order.descending != back:
        return (order.key <= value) & (here < there)
    return (order.key >= value) & (here > there)


def _not_beyond(order: Order, cursor: Cursor, *, back: bool) -> ColumnElement[bool]:
    """The rows up to and including the cursor's, compared as in `_beyond`."""
    value, row_id = literal(cursor.value, order.key.type), literal(cursor.id, order.id.type)
    here, there = tuple_(order.key, order.id), tuple_(value, row_id)
    if order.descending != back:
        return (order.key >= value) & (here >= there)
    return (order.key <= value) & (here <= there)


def _sorted(order: Order, *, back: bool) -> tuple[AnyColumn, AnyColumn]:
    if order.descending != back:
        return order.key.desc(), order.id.desc()
    return order.key.asc(), order.id.asc()


def _cursor(row: Row[*Ts], way: Way) -> Cursor:
    return Cursor(way, row.sort_value, row.sort_id)
