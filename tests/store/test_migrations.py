"""The migrations and the models say the same, in both directions."""

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from backend.local.postgres import PostgresServer
from backend.store.migrations import downgrade, head, upgrade
from backend.store.migrations.running import configuration
from backend.store.models import Base
from backend.store.session import psycopg_url
from tests.support.databases import Database, TestDatabases

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def count_tables(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(connection.execute(TABLES).fetchall()[0][0])


def test_there_is_one_head(database: Database) -> None:
    script = ScriptDirectory.from_config(configuration(database.owner_url))
    assert script.get_heads() == [head()]


def test_the_models_say_what_the_migrations_made(database: Database) -> None:
    engine = create_engine(psycopg_url(database.owner_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert found == []


def test_they_go_down_to_nothing_and_up_again(postgres: PostgresServer) -> None:
    with TestDatabases(postgres).from_template(empty=True) as name:
        url = postgres.owner_url(name)
        upgrade(url)
        full = count_tables(url)
        downgrade(url, "base")
        assert count_tables(url) == 1  # alembic's own
        upgrade(url)
        assert count_tables(url) == full


def test_going_up_twice_changes_nothing(postgres: PostgresServer, database: Database) -> None:
    before = count_tables(database.owner_url)
    upgrade(database.owner_url)
    assert count_tables(database.owner_url) == before
