"""Statements asked inside a transaction, in one round trip: what waits for nobody travels together.

Separate from the session because they pass by SQLAlchemy, which spends more time on a short
statement than Postgres does. What only reads needs no transaction and asks the store.
"""

from typing import Any

import orjson
import psycopg
from sqlalchemy.orm import Session

from backend.store.session import driver_of
from backend.store.statements import Asked


def fetch_values(session: Session, *asked: Asked) -> list[Any]:
    """The one value of each statement; None without a row. Each sees what those before it did.

    What the session holds back is written first.
    """
    session.flush()
    driver = driver_of(session)
    cursors = [psycopg.RawCursor(driver) for _ in asked]
    with driver.pipeline():
        for cursor, (statement, values) in zip(cursors, asked, strict=True):
            cursor.execute(statement.sql, statement.ordered(values), prepare=True)
    rows = [cursor.fetchone() if cursor.description else None for cursor in cursors]
    return [row[0] if row else None for row in rows]


def as_json(value: object) -> str:
    """A value of many parts as one: the driver prepares a statement anew for each size of a number
    and each empty list, and writes long lists slowly.
    """
    return orjson.dumps(value, default=plain).decode()


def plain(value: object) -> str:
    """What JSON has no form for: bytes as Postgres writes them, anything else as text."""
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)
