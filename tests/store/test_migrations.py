"""The migrations and the models say the same, in both directions."""

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from backend.local.postgres import PostgresServer
from backend.store.migrations import downgrade, head, upgrade
from backend.store.migrations.running import configuration, downgrade_to, upgrade_to
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


HASH = bytes(range(16))
LEFT_OUT = """
INSERT INTO workspaces (id, name, created_at) VALUES (1, 'One', now()), (2, 'Two', now());
INSERT INTO mailboxes (id, workspace_id, kind, email, email_key, display_name, state, created_at)
SELECT i, i, 'shared', 'a@b.example', 'a@b.example', 'A', 'live', now()
  FROM generate_series(1, 2) i;
INSERT INTO decisions (mailbox_id, gmail_id, workspace_id, outcome, reason, rule, path, decided_at,
                       people_hashes)
SELECT i, x.id, i, x.outcome, 'nobody_known', x.rule, x.path, now(), x.people
  FROM generate_series(1, 2) i,
       (VALUES ('a', 'skipped', 'matching', 'live', ARRAY[%(hash)s, '\\x01'::bytea]),
               ('b', 'skipped', 'never_log', 'live', ARRAY[%(hash)s]),
               ('c', 'skipped', 'matching', 'late', ARRAY[%(hash)s]),
               ('d', 'kept', 'matching', 'live', '{}'))
       x(id, outcome, rule, path, people)
"""


def test_people_of_left_out_mail_are_found_after_the_change_and_before_it(
    postgres: PostgresServer,
) -> None:
    with TestDatabases(postgres).from_template(empty=True) as name:
        upgrade_to(postgres.owner_url(name), "0008")
        with psycopg.connect(postgres.superuser_url(name)) as connection:
            psycopg.ClientCursor(connection).execute(LEFT_OUT, {"hash": HASH})
            connection.commit()
            upgrade_to(postgres.owner_url(name), "0009")
            people = connection.execute(
                "SELECT workspace_id, mailbox_id, gmail_id FROM left_out_people "
                "WHERE person_hash = %s ORDER BY 1",
                [HASH],
            ).fetchall()
            connection.commit()
            assert people == [(1, 1, "a"), (2, 2, "a")]
            downgrade_to(postgres.owner_url(name), "0008")
            lists = connection.execute(
                "SELECT gmail_id, people_hashes @> ARRAY[%s] FROM decisions WHERE mailbox_id = 2 "
                "ORDER BY 1",
                [HASH],
            ).fetchall()
    assert lists == [("a", True), ("b", False), ("c", False), ("d", False)]


def test_going_up_twice_changes_nothing(postgres: PostgresServer, database: Database) -> None:
    before = count_tables(database.owner_url)
    upgrade(database.owner_url)
    assert count_tables(database.owner_url) == before


WITHOUT_INDEX = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
 WHERE c.contype = 'f' AND c.confrelid IN ('messages'::regclass, 'conversations'::regclass)
   AND NOT EXISTS (
     SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[2])
"""


def test_what_hangs_on_deleted_mail_is_found_by_an_index(database: Database) -> None:
    with psycopg.connect(database.super_url) as connection:
        assert connection.execute(WITHOUT_INDEX).fetchall() == []
