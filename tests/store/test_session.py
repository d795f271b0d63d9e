"""Transactions: short, of one tenant, and unharmed by connections that Postgres has ended."""

import psycopg
import pytest
from sqlalchemy import text

from backend.domain.ids import WorkspaceId
from backend.errors import StoreUnavailable
from backend.store.session import Store, after_commit
from tests.support.databases import Database

TENANT = text("SELECT current_setting('rapport.workspace_id', true)")
BACKEND = text("SELECT pg_backend_pid()")
ONE = WorkspaceId(1)


def test_each_transaction_knows_its_own_tenant_only(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    for workspace in (1, 2, 1):
        with store.begin(WorkspaceId(workspace)) as session:
            assert session.scalar(TENANT) == str(workspace)
    with store.begin_global() as session:
        assert session.scalar(TENANT) == ""
    store.dispose()


def test_a_connection_that_postgres_ended_is_replaced(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    with store.begin(ONE) as session:
        first = session.scalar(BACKEND)
    with psycopg.connect(database.super_url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    with store.begin(ONE) as session:
        assert session.scalar(BACKEND) != first
        assert session.scalar(TENANT) == "1"
    store.dispose()


def test_a_connection_that_ends_in_the_middle_is_told_as_unavailable(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    waiting: list[str] = []
    with pytest.raises(StoreUnavailable):
        cut_off(store, database, waiting)
    assert waiting == []
    store.dispose()


def cut_off(store: Store, database: Database, waiting: list[str]) -> None:
    with store.begin(ONE) as session:
        after_commit(session, lambda: waiting.append("done"))
        pid = session.scalar(BACKEND)
        with psycopg.connect(database.super_url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        session.scalar(BACKEND)


def test_without_a_server_it_is_told_as_unavailable(database: Database) -> None:
    head, _, tail = database.app_url.rpartition(":")
    nobody = f"{head}:1/{tail.partition('/')[2]}"
    store = Store.connect(nobody)
    with pytest.raises(StoreUnavailable), store.begin(ONE):
        raise AssertionError
    store.dispose()
