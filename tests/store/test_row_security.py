"""Tenants are kept apart by Postgres itself, whatever a query forgets."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.store.models import Base
from backend.store.row_security import GLOBAL_READ
from backend.store.session import Store
from tests.support.databases import Database

OURS, THEIRS = WorkspaceId(1), WorkspaceId(2)
TENANT_TABLES = sorted(
    table.name for table in Base.metadata.tables.values() if "workspace_id" in table.columns
)
INSTALLATION = {"consent_counts", "oauth_attempts", "web_sessions"}
"""They name a workspace, and are read before anybody is known."""

CLOSED = [name for name in TENANT_TABLES if name not in INSTALLATION]
SAMPLES = {
    "bigint": "1",
    "smallint": "1",
    "integer": "1",
    "numeric": "1",
    "boolean": "true",
    "text": "'x'",
    "bytea": r"'\x00'",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
    "jsonb": "'{}'",
    "json": "'{}'",
    "date": "'2026-01-01'",
    "time without time zone": "'09:00'",
    "timestamp with time zone": "'2026-01-01T00:00Z'",
    "ARRAY": "'{}'",
}
CHOICES = {"sharing": "'full'"}
"""Columns that take only certain words."""


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    fill_every_table(database)
    store = Store.connect(database.app_url)
    yield store
    store.dispose()


def fill_every_table(database: Database) -> None:
    """One row of OURS in each table, with foreign keys asleep."""
    with psycopg.connect(database.super_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in CLOSED:
            connection.execute(row_statement(connection, table))


def row_statement(connection: psycopg.Connection, table: str, workspace: int = OURS) -> sql.SQL:
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND table_schema = 'public' AND is_nullable = 'NO' AND is_generated = 'NEVER'",
        [table],
    ).fetchall()
    values = {name: CHOICES.get(name) or SAMPLES[kind] for name, kind in columns}
    values |= {"workspace_id": str(workspace)}
    names = ", ".join(f'"{name}"' for name in values)
    return sql.SQL(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values.values())})")


def test_every_table_with_a_tenant_is_closed_even_for_its_owner(database: Database) -> None:
    with psycopg.connect(database.super_url) as connection:
        closed = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    assert {name for (name,) in closed} >= {*CLOSED, "workspaces"}


def test_another_tenant_reads_and_changes_nothing(store: Store) -> None:
    for table in CLOSED:
        with store.begin(OURS) as session:
            assert count(session, table) == 1, table
        with store.begin(THEIRS) as session:
            assert count(session, table) == 0, table
            if table != "audit_log":  # nobody may change it, below
                assert changed(session, f"UPDATE {table} SET workspace_id = {THEIRS}") == 0, table
                assert changed(session, f"DELETE FROM {table}") == 0, table


def count(session: Session, table: str) -> int:
    return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def changed(session: Session, statement: str) -> int:
    return session.execute(text(statement)).rowcount  # type: ignore[attr-defined,no-any-return]


def test_no_tenant_can_write_a_row_of_another(database: Database) -> None:
    with (
        psycopg.connect(database.super_url) as looker,
        psycopg.connect(database.app_url) as connection,
    ):
        for table in CLOSED:
            statement = row_statement(looker, table)
            connection.execute("SELECT set_config('rapport.workspace_id', %s, true)", [str(THEIRS)])
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                connection.execute(statement)
            connection.rollback()


def test_a_scan_over_all_workspaces_reads_only_the_listed_tables(
    store: Store, database: Database
) -> None:
    with psycopg.connect(database.super_url) as connection:
        connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES (1, 'x', now())")
    with store.begin_global() as session:
        seen = {table for table in (*CLOSED, "workspaces") if count(session, table)}
    assert seen == GLOBAL_READ


def test_a_scan_changes_nothing(store: Store) -> None:
    with store.begin_global() as session:
        for table in sorted(GLOBAL_READ - {"workspaces"}):
            assert changed(session, f"UPDATE {table} SET workspace_id = workspace_id") == 0, table


def test_without_a_tenant_nothing_is_seen(store: Store, database: Database) -> None:
    del store
    with psycopg.connect(database.app_url) as connection:
        for table in CLOSED:
            counted = connection.execute(sql.SQL(f"SELECT count(*) FROM {table}")).fetchone()
            assert counted == (0,)


def test_the_tenant_ends_with_the_transaction(store: Store, database: Database) -> None:
    del store
    one = Store.connect(database.app_url, pool_size=1)
    with one.begin(OURS) as session:
        assert count(session, "contacts") == 1
    with one.begin_global() as session:  # the same connection, from the pool
        assert count(session, "contacts") == 0
    one.dispose()


TRICKS = (
    "SET row_security = off; SELECT count(*) FROM contacts",
    "SET ROLE rapport_owner",
    "ALTER TABLE contacts DISABLE ROW LEVEL SECURITY",
    "DROP POLICY tenant ON contacts",
    "SET session_replication_role = replica",
    "TRUNCATE contacts",
)


def test_the_application_has_no_way_round(database: Database) -> None:
    with psycopg.connect(database.app_url) as connection:
        for trick in TRICKS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(trick)
            connection.rollback()


def test_the_application_role_has_no_privileges_of_its_own(database: Database) -> None:
    with psycopg.connect(database.app_url) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        ).fetchone()
    assert role == (False, False, False, False)
    assert owned == (0,)


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = ''", "DELETE FROM audit_log"])
def test_the_audit_log_only_grows(statement: str, store: Store) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied for table audit_log"),
        store.begin(OURS) as session,
    ):
        session.execute(text(statement))


NARROW = """
SELECT conrelid::regclass::text, conname FROM pg_constraint c
 WHERE contype = 'f' AND cardinality(conkey) = 1
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = confrelid AND attname = 'workspace_id')
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attname = 'workspace_id')
"""


def test_every_reference_between_tenants_tables_carries_the_workspace(database: Database) -> None:
    with psycopg.connect(database.super_url) as connection:
        assert connection.execute(NARROW).fetchall() == []


def test_no_row_can_hang_on_a_row_of_another_tenant(store: Store, database: Database) -> None:
    """Row-level security would not see it: references are checked past it."""
    with psycopg.connect(database.super_url) as connection:
        connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES (2, 'x', now())")
    with (
        pytest.raises(IntegrityError, match="fk_never_log__workspace_id_member_id"),
        store.begin(THEIRS) as session,
    ):
        session.execute(
            text(
                "INSERT INTO never_log (id, workspace_id, member_id, kind, value, added_at) "
                "VALUES (99, 2, 1, 'address', 'x', now())"
            )
        )
