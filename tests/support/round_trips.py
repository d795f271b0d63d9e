"""Counts what is sent to Postgres, so that nothing that is run all the time grows unseen."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from backend.store import asking, exchange, session

Asked = Iterable[tuple[bytes, Sequence[object]]]


@dataclass
class Sent:
    """How often Postgres was waited for, and the statements it was given meanwhile."""

    round_trips: int = 0
    statements: list[str] = field(default_factory=list)

    def note(self, query: object) -> None:
        self.statements.append(" ".join(str(query).split())[:80])


@contextmanager
def counted() -> Iterator[Sent]:
    """Count what this process sends while the block runs, on all connections."""
    sent = Sent()
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit
    send = exchange.exchange

    def counted_execute(self: psycopg.Cursor[Any], query: Any, *given: Any, **how: Any) -> Any:
        sent.note(query)
        sent.round_trips += 1
        return execute(self, query, *given, **how)

    def counted_commit(self: psycopg.Connection[Any]) -> None:
        sent.round_trips += self.info.transaction_status != TransactionStatus.IDLE
        commit(self)

    def counted_exchange(driver: exchange.Driver, asked: Asked) -> list[Any]:
        asked = list(asked)
        for query, _ in asked:
            sent.note(query.decode())
        sent.round_trips += 1
        return send(driver, asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counted_execute)
        patch.setattr(psycopg.Connection, "commit", counted_commit)
        for module in (asking, session):
            patch.setattr(module, "exchange", counted_exchange)
        yield sent
