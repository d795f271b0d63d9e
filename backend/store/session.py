"""Short transactions, each bound to one workspace by Postgres row-level security.

`begin` tells Postgres the tenant before anything else runs, so a query that forgets its workspace
sees nothing. `begin_global` is for the few scans over all workspaces (whose mailbox is this
address, what is due): it may read the tables that the migrations open to it, and writes only
installation tables. Jobs given to `after_commit` run once the transaction is durable; a rollback
forgets them.
"""

import select
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.errors import StoreUnavailable

AFTER_COMMIT = "rapport.after_commit"
TENANT = "SELECT set_config('rapport.workspace_id', %(workspace_id)s, true)"
GLOBAL = "SELECT set_config('rapport.scope', 'global', true)"
ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan"
UNREACHABLE = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""What SQLAlchemy and the driver raise when Postgres is gone."""


class Store:
    """The way to Postgres. One for each process; made after the fork in workers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def connect(cls, url: str, *, pool_size: int = 10) -> "Store":
        """A store on `url` (postgresql://…), with connections checked before use."""
        engine = create_engine(
            psycopg_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            hide_parameters=True,  # they are mail, and errors are logged
        )
        event.listen(engine, "checkout", refuse_dead_connection)
        return cls(engine)

    @contextmanager
    def begin(self, workspace_id: WorkspaceId) -> Iterator[Session]:
        """A transaction that sees and writes one workspace. Commits at the end, or rolls back."""
        with self._transaction() as session:
            tell(session, TENANT, {"workspace_id": str(workspace_id)})
            yield session

    @contextmanager
    def begin_global(self) -> Iterator[Session]:
        """A transaction over all workspaces, for look-ups that come before the tenant is known."""
        with self._transaction() as session:
            tell(session, GLOBAL, {})
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        session = Session(self._engine, expire_on_commit=False)
        try:
            with session.begin():
                yield session
            run_after_commit(session)
        except UNREACHABLE as error:
            raise StoreUnavailable(
                "Rapport's database can't be reached right now. Try again in a moment."
            ) from error
        finally:
            session.close()


def tell(session: Session, statement: str, values: Mapping[str, str]) -> None:
    """Begin the transaction and tell Postgres for whom, in one round trip instead of two."""
    driver: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    with driver.pipeline():
        driver.execute(statement.encode(), values)


def read_one(session: Session, statement: str, values: Mapping[str, object]) -> Any:
    """The one value of a statement that is run all the time: planned once for each connection.

    Placeholders are the driver's, `%(name)s`. The rest of the transaction keeps to such plans, too.
    """
    driver: psycopg.Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    with driver.pipeline():
        driver.execute(ONE_PLAN)
        cursor = driver.execute(statement.encode(), values, prepare=True)
    row = cursor.fetchone()
    return row[0] if row else None


def refuse_dead_connection(driver: psycopg.Connection[Any], *_: object) -> None:
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
    """Carry out what was waiting for the commit."""
    for action in session.info.pop(AFTER_COMMIT, []):
        action()


def psycopg_url(url: str) -> str:
    """The URL with SQLAlchemy's driver named: `postgresql+psycopg://…`."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )
