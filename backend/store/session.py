"""Short transactions, each bound to one workspace by Postgres row-level security.

`begin` sets the tenant before anything else runs, so a query that forgets its workspace sees
nothing. `begin_global` is for the few scans over all workspaces (whose mailbox is this address,
what is due): it may read the tables that the migrations open to it, and writes only installation
tables. `read` and `write` run hot statements in one round trip. Jobs given to `after_commit` run
once the transaction is durable; a rollback forgets them.

Connections autocommit until they begin. So BEGIN and the tenant are one message to Postgres, and a
reading transaction needs neither a message to begin nor one to end. The same message returns the
database's time, which all processes use.
"""

import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

import orjson
import psycopg
from psycopg.pq.abc import PGresult
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import (
    DataError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.orm import Session

from backend.clock import Clock
from backend.domain.ids import WorkspaceId
from backend.errors import InputError, StoreUnavailable
from backend.store.statements import BoundStatement, Statement, command

A = TypeVar("A")
B = TypeVar("B")
Driver: TypeAlias = psycopg.Connection[tuple[float, ...]]

AFTER_COMMIT = "rapport.after_commit"
TIME = "extract(epoch FROM clock_timestamp())::float8"
OF_TENANT = f"BEGIN; SELECT set_config('rapport.workspace_id', '%d', true), {TIME}"
OF_ALL = f"BEGIN; SELECT set_config('rapport.scope', 'global', true), {TIME}"
WRITING = """SELECT set_config('rapport.workspace_id', %(workspace)s, true),
                    set_config('plan_cache_mode', 'force_generic_plan', true)"""
"""Statements run this way are planned once for each connection, not at every run."""
TO_WRITE = command(WRITING)
TO_READ = command(f"{WRITING}, set_config('transaction_read_only', 'on', true)")

UNAVAILABLE = "Rapport's database can't be reached right now. Try again in a moment."
NOT_MIGRATED = (
    "Rapport's database is not at this version's schema. Its operator runs `rapport migrate`, "
    "then it works."
)
UNREACHABLE = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""What SQLAlchemy and the driver raise when Postgres is gone."""

NO_VALUE = (DataError, psycopg.DataError, UnicodeEncodeError)
"""What they raise for a NUL, half a surrogate pair, or a number or date out of range."""

CANNOT_BE_STORED = (
    "This holds a character, a number or a date that can't be stored. Nothing was changed. "
    "Type it again and try once more."
)

OLD_SCHEMA = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
"""What a statement raises in a database that was not migrated."""


class Store:
    """Access to Postgres. One for each process; made after the fork in workers."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10, clock: Clock | None = None) -> "Store":
        """A store on `url` (postgresql://…), with connections checked before use. It feeds `clock`
        with the database's time.
        """
        engine = create_engine(
            psycopg_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,  # they are mail, and errors are logged
            isolation_level="AUTOCOMMIT",
            json_deserializer=orjson.loads,
        )
        event.listen(engine, "checkout", refuse_dead_connection)
        return cls(engine, clock or Clock())

    @contextmanager
    def begin(self, workspace_id: WorkspaceId) -> Iterator[Session]:
        """A transaction that sees and writes one workspace. Commits at the end, or rolls back."""
        with self._transaction(OF_TENANT % workspace_id) as session:
            yield session

    @contextmanager
    def begin_global(self) -> Iterator[Session]:
        """A transaction over all workspaces, for look-ups that come before the tenant is known."""
        with self._transaction(OF_ALL) as session:
            yield session

    def read(self, workspace_id: WorkspaceId, asked: BoundStatement[A]) -> A:
        """The answer of a statement that sees one workspace. Postgres refuses it when it writes.

        All of it is one message and one transaction: Postgres ends it where the message ends.
        """
        [answer] = self._pipelined(TO_READ, workspace_id, asked)
        return asked.statement.decode(answer)

    def write(self, workspace_id: WorkspaceId, asked: BoundStatement[A]) -> A:
        """The same for one that writes, durable once this returns."""
        [answer] = self._pipelined(TO_WRITE, workspace_id, asked)
        return asked.statement.decode(answer)

    def write_pair(
        self, workspace_id: WorkspaceId, first: BoundStatement[A], second: BoundStatement[B]
    ) -> tuple[A, B]:
        """The same for two: both of them or none."""
        one, other = self._pipelined(TO_WRITE, workspace_id, first, second)
        return first.statement.decode(one), second.statement.decode(other)

    def _pipelined(
        self, opening: Statement[None], workspace_id: WorkspaceId, *asked: BoundStatement[object]
    ) -> Sequence[bytes | None]:
        with self._driver() as driver:
            return pipelined(driver, opening.bind(workspace=str(workspace_id)), *asked)[1:]

    def dispose(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, opening: str) -> Iterator[Session]:
        session = Session(self._engine, expire_on_commit=False)
        try:
            with session.begin():
                self._open(driver_of(session), opening)
                yield session
            run_after_commit(session)
        except UNREACHABLE as error:
            raise StoreUnavailable(UNAVAILABLE) from error
        except NO_VALUE as error:
            raise InputError(CANNOT_BE_STORED) from error
        except ProgrammingError as error:
            if isinstance(error.orig, OLD_SCHEMA):
                raise StoreUnavailable(NOT_MIGRATED) from error
            raise
        finally:
            session.close()

    def _open(self, driver: Driver, opening: str) -> None:
        """Begin, and hear what time it is."""
        asked_at = self._clock.elapsed()
        answers = driver.execute(opening.encode(), prepare=False)
        answers.nextset()
        for _, seconds in answers:
            self._clock.hear(datetime.fromtimestamp(seconds, UTC), asked_at)

    @contextmanager
    def _driver(self) -> Iterator[Driver]:
        """A connection without SQLAlchemy's session, which costs more than a short statement."""
        try:
            pooled = self._engine.raw_connection()
            driver: Driver = pooled.driver_connection  # type: ignore[assignment]
            try:
                yield driver
            finally:
                if driver.closed:
                    pooled.invalidate()
                pooled.close()
        except UNREACHABLE as error:
            raise StoreUnavailable(UNAVAILABLE) from error
        except NO_VALUE as error:
            raise InputError(CANNOT_BE_STORED) from error


def driver_of(session: Session) -> Driver:
    """The driver's connection under a session."""
    return session.connection().connection.driver_connection  # type: ignore[return-value]


def pipelined(driver: Driver, *asked: BoundStatement[object]) -> Sequence[bytes | None]:
    """The one value of each statement as Postgres wrote it, in one round trip; None without."""
    cursors = [psycopg.RawCursor(driver) for _ in asked]
    with driver.pipeline():
        for cursor, one in zip(cursors, asked, strict=True):
            cursor.execute(one.statement.sql, one.values, prepare=True)
    return [first_value(cursor.pgresult) for cursor in cursors]


def first_value(result: PGresult | None) -> bytes | None:
    """The value in the first column of the first row, if there is one."""
    return result.get_value(0, 0) if result and result.ntuples else None


def refuse_dead_connection(driver: Driver, *_: object) -> None:
    """Leave out a pooled connection that Postgres has ended, without a round trip to ask.

    An idle connection has nothing to read, except the news that it has ended.
    """
    if driver.closed:
        raise DisconnectionError
    news = select.poll()
    news.register(driver.fileno(), select.POLLIN)
    if news.poll(0):
        raise DisconnectionError


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run `action` once this transaction is durable; never if it rolls back."""
    session.info.setdefault(AFTER_COMMIT, []).append(action)


def run_after_commit(session: Session) -> None:
    """Run what was waiting for the commit."""
    for action in session.info.pop(AFTER_COMMIT, []):
        action()


def psycopg_url(url: str) -> str:
    """The URL with SQLAlchemy's driver named: `postgresql+psycopg://…`."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )
