"""Statements run inside a transaction, several in one round trip.

Separate from the session because they bypass SQLAlchemy, which spends more time on a short
statement than Postgres does. What only reads needs no transaction and asks the store.
"""

from collections.abc import Sequence
from typing import TypeVar

import orjson
from sqlalchemy.orm import Session

from backend.store.session import driver_of, pipelined
from backend.store.statements import BoundStatement

A = TypeVar("A")
B = TypeVar("B")
Several = Sequence[BoundStatement[object]]


def fetch(session: Session, asked: BoundStatement[A]) -> A:
    """The answer of one statement. What the session holds back is written first."""
    session.flush()
    [answer] = pipelined(driver_of(session), asked)
    return asked.statement.decode(answer)


def fetch_pair(
    session: Session,
    first: BoundStatement[A],
    second: BoundStatement[B],
    *,
    behind: Several = (),
) -> tuple[A, B]:
    """The answers of two that run `behind` others. Each sees what those before it did."""
    session.flush()
    *_, one, other = pipelined(driver_of(session), *behind, first, second)
    return first.statement.decode(one), second.statement.decode(other)


def run(session: Session, *commands: BoundStatement[object]) -> None:
    """Run several for what they do."""
    session.flush()
    pipelined(driver_of(session), *commands)


def as_json(value: object) -> str:
    """A value of many parts as one: the driver prepares a statement again for each size of a number
    and each empty list, and writes long lists slowly.
    """
    return orjson.dumps(value, default=plain).decode()


def plain(value: object) -> str:
    """Values that JSON lacks: bytes as Postgres writes them, anything else as text."""
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)
