"""Runs statements inside a transaction in one round trip: independent ones travel together.

Separate from the session because they bypass SQLAlchemy, which spends more time on a short
statement than Postgres does. A pure read needs no transaction and goes through the store.
"""

from typing import Any

import orjson
import psycopg
from sqlalchemy.orm import Session

from backend.store.session import driver_of
from backend.store.statements import Asked


def fetch_values(session: Session, *asked: Asked) -> list[Any]:
    """The single value of each statement; None without a row. Each sees the effects of those before
    it.

    Flushes the session first.
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
    """A compound value as one JSON parameter: the driver prepares a statement again for each size
    of a number and each empty list, and is slow on long lists.
    """
    return orjson.dumps(value, default=plain).decode()


def plain(value: object) -> str:
    """Values that JSON lacks: bytes as Postgres writes them, anything else as text."""
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)
