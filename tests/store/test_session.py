"""Transactions: short, of one tenant, and unharmed by connections that Postgres has ended."""

from datetime import datetime

import msgspec
import psycopg
import pytest
from sqlalchemy import text

from backend.domain.ids import WorkspaceId
from backend.errors import StoreUnavailable
from backend.store.session import Store, after_commit
from backend.store.statements import command, optional, statement
from tests.support.databases import Database

TENANT = text("SELECT current_setting('rapport.workspace_id', true)")
BACKEND = text("SELECT pg_backend_pid()")
ONE = WorkspaceId(1)
SETTINGS = statement(
    "SELECT to_json(current_setting('rapport.workspace_id', true) || %(mark)s)", str
)
PLANS = statement("SELECT to_json(current_setting('plan_cache_mode'))", str)
PID = statement("SELECT pg_backend_pid()", int)
MOMENT = statement("SELECT to_json(now())", datetime)
BEAT = statement(
    "INSERT INTO heartbeats (name, role, beaten_at) VALUES ('a test', 'test', now())"
    " RETURNING to_json(name)",
    str,
)


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


def test_a_reading_knows_its_tenant_and_leaves_nothing_of_it_behind(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    for workspace in (1, 2, 1):
        assert store.read(WorkspaceId(workspace), SETTINGS.bind(mark="!")) == f"{workspace}!"
    with store.begin_global() as session:
        assert session.scalar(TENANT) == ""
        assert session.scalar(text("SHOW plan_cache_mode")) == "auto"
    store.dispose()


def test_what_is_run_together_is_one_transaction(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    first, last = store.write_pair(ONE, MOMENT.bind(), MOMENT.bind())
    assert first == last
    assert store.read(ONE, PLANS.bind()) == "force_generic_plan"
    assert store.read(ONE, MOMENT.bind()) != first
    store.dispose()


def test_a_reading_whose_connection_ended_takes_another(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    first = store.read(ONE, PID.bind())
    with psycopg.connect(database.super_url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert store.read(ONE, PID.bind()) != first
    store.dispose()


def test_a_reading_that_is_cut_off_is_told_as_unavailable_and_does_no_lasting_harm(
    database: Database,
) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    suicide = command("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(StoreUnavailable):
        store.read(ONE, suicide.bind())
    assert store.read(ONE, SETTINGS.bind(mark="")) == "1"
    store.dispose()


def test_placeholders_are_numbered_in_the_order_of_their_first_mention() -> None:
    asked = command("SELECT %(b)s + %(a)s + %(b)s")
    assert asked.sql == b"SELECT $1 + $2 + $1"
    assert asked.bind(a=1, b=2).values == [2, 1]
    with pytest.raises(TypeError, match="wants"):
        asked.bind(a=1, c=2)


def test_an_answer_is_of_the_declared_type_or_an_error(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    nothing = "SELECT to_json(name) FROM heartbeats WHERE name = 'nobody'"
    assert store.read(ONE, optional(nothing, str).bind()) is None
    with pytest.raises(msgspec.ValidationError, match="Expected `str`, got `null`"):
        store.read(ONE, statement(nothing, str).bind())
    with pytest.raises(msgspec.ValidationError, match="Expected `int`, got `str`"):
        store.read(ONE, statement("SELECT to_json('7'::text)", int).bind())
    store.dispose()


def test_what_only_reads_cannot_write(database: Database) -> None:
    store = Store.connect(database.app_url, pool_size=1)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        store.read(ONE, BEAT.bind())
    assert store.write(ONE, BEAT.bind()) == "a test"
    with store.begin_global() as session:
        kept = session.execute(text("DELETE FROM heartbeats WHERE role = 'test' RETURNING name"))
        assert kept.scalar() == "a test"
    store.dispose()
