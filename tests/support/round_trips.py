"""Counts what is sent to Postgres, so that nothing that is run all the time grows unseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus


@dataclass
class Sent:
    """How often Postgres was waited for, and the statements it was given meanwhile."""

    round_trips: int = 0
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted() -> Iterator[Sent]:
    """Count what this process sends while the block runs, on all connections."""
    sent = Sent()
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit
    leave = psycopg.Pipeline.__exit__

    def counted_execute(self: psycopg.Cursor[Any], query: Any, *given: Any, **how: Any) -> Any:
        sent.statements.append(" ".join(str(query).split())[:80])
        sent.round_trips += self.connection.pgconn.pipeline_status == PipelineStatus.OFF
        return execute(self, query, *given, **how)

    def counted_commit(self: psycopg.Connection[Any]) -> None:
        sent.round_trips += self.info.transaction_status != TransactionStatus.IDLE
        commit(self)

    def counted_leave(self: psycopg.Pipeline, *error: Any) -> None:
        sent.round_trips += 1
        leave(self, *error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", counted_execute)
        patch.setattr(psycopg.Connection, "commit", counted_commit)
        patch.setattr(psycopg.Pipeline, "__exit__", counted_leave)
        yield sent
