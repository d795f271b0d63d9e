"""How many rows a query really reads, as Postgres itself counts them: EXPLAIN ANALYZE, added up.

Every statement of a piece of code is run a second time under EXPLAIN, in its own transaction, as
the application's role with row-level security.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.store.session import driver_of
from backend.store.statements import BoundStatement

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
Node = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """One statement: rows read from tables, and pages touched."""

    sql: str
    rows: int
    pages: int


@contextmanager
def statements_of(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What the session sends meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def seen_by(session: Session, act: Callable[[Session], object]) -> list[Seen]:
    """Every statement that `act` sends, with what it reads."""
    with statements_of(session) as sent:
        act(session)
    driver = driver_of(session)
    return [
        judged(sql, driver.execute((EXPLAIN + sql).encode(), values).fetchone())
        for sql, values in sent
    ]


def seen_in(session: Session, asked: BoundStatement[object]) -> Seen:
    """The same of a statement that is read without a session."""
    statement = asked.statement
    cursor = psycopg.RawCursor(driver_of(session))
    cursor.execute(EXPLAIN.encode() + statement.sql, asked.values)
    return judged(statement.sql.decode(), cursor.fetchone())


def judged(sql: str, row: Sequence[Any] | None) -> Seen:
    """The plan's nodes added up."""
    assert row is not None
    plan: Node = row[0][0]["Plan"]
    scans = [
        node for node in nodes(plan) if "Relation Name" in node and "Scan" in node["Node Type"]
    ]
    return Seen(
        sql=" ".join(sql.split()),
        rows=sum(rows_read(node) for node in scans),
        pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    )


def rows_read(node: Node) -> int:
    """Rows that a scan looked at, whether it kept them or not."""
    removed: float = sum(
        node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck")
    )
    found: float = node["Actual Rows"] + removed
    return round(found * float(node["Actual Loops"]))


def nodes(plan: Node) -> Iterator[Node]:
    """A plan's nodes, from the top."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)
