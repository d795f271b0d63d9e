"""Databases for tests: copies of a migrated one, emptied before each test."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from backend.local.postgres import DATABASE, OWNER_ROLE, PostgresServer

CONNECTIONS: dict[str, psycopg.Connection[Any]] = {}
"""The one to the database at work, by its address: connecting takes longer than most looks."""
AT_THE_END: list[Callable[[], object]] = []
"""What is closed before a database is dropped, and then forgotten."""

# As a superuser, with foreign keys and triggers asleep, order does not matter and tables that
# refuse deletion (the audit log) are emptied too. Emptying what is empty costs next to nothing,
# while TRUNCATE would make new files for every table and index.
EMPTY_EVERYTHING = """
DO $$
DECLARE one record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
               AND c.relname <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %s', one.name);
  END LOOP;
  FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' LOOP
    PERFORM setval(one.name, 1, false);
  END LOOP;
END $$
"""
KEEP_EVERYTHING = """
CREATE SCHEMA {copy};
DO $$
DECLARE one record; held boolean; columns text;
BEGIN
  FOR one IN SELECT c.oid, c.relname AS name FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
               AND c.relname <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', one.name) INTO held;
    IF held THEN
      SELECT string_agg(format('%I', a.attname), ', ') INTO columns FROM pg_attribute a
       WHERE a.attrelid = one.oid AND a.attnum > 0 AND a.attgenerated = '' AND NOT a.attisdropped;
      EXECUTE format('CREATE TABLE {copy}.%I AS SELECT %s FROM public.%1$I', one.name, columns);
    END IF;
  END LOOP;
END $$;
CREATE TABLE {copy}.counters AS
  SELECT schemaname, sequencename, last_value FROM pg_sequences
   WHERE schemaname = 'public' AND last_value IS NOT NULL;
CREATE TABLE {copy}.made AS SELECT clock_timestamp() AS made_at;
"""
# Times move along with the clock: what was due in a minute when it was kept, is again.
PUT_BACK = """
DO $$
DECLARE one record; columns text; moved text; since interval;
BEGIN
  SET LOCAL session_replication_role = replica;
  SELECT clock_timestamp() - made_at INTO since FROM {copy}.made;
  FOR one IN SELECT c.oid, c.relname AS name FROM pg_class c
             WHERE c.relnamespace = '{copy}'::regnamespace AND c.relkind = 'r'
               AND c.relname NOT IN ('counters', 'made') LOOP
    SELECT string_agg(format('%I', a.attname), ', '),
           string_agg(format(CASE WHEN a.atttypid = 'timestamptz'::regtype
                             THEN '%I + $1' ELSE '%I' END, a.attname), ', ')
      INTO columns, moved FROM pg_attribute a
     WHERE a.attrelid = one.oid AND a.attnum > 0;
    EXECUTE format('INSERT INTO public.%I (%s) SELECT %s FROM {copy}.%1$I',
                   one.name, columns, moved) USING since;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, last_value)
     FROM {copy}.counters;
END $$
"""


@dataclass(frozen=True)
class Database:
    """One migrated database, without rows. Web and workers connect by `app_url`.

    `super_url` bypasses row security, to see the real rows.
    """

    owner_url: str
    app_url: str
    super_url: str

    @property
    def name(self) -> str:
        """The database's own name on its server."""
        return self.super_url.rpartition("/")[2]

    def keep(self, copy: str = "kept") -> None:
        """Remember every row, beside the tables, for the tests of this database to come."""
        self._run(KEEP_EVERYTHING.replace("{copy}", copy))

    def put_back(self, copy: str = "kept") -> bool:
        """Bring into the empty tables what was kept. Whether there was anything."""
        found = self.connection.execute("SELECT to_regnamespace(%s)", [copy]).fetchone()
        kept = found is not None and found[0] is not None
        if kept:
            self._run(PUT_BACK.replace("{copy}", copy))
        return kept

    def empty(self) -> None:
        """Delete every row and restart the sequences."""
        self._run(EMPTY_EVERYTHING)

    def next_transaction(self) -> int:
        """The number that the next writing transaction of this server gets."""
        row = self.connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())").fetchone()
        assert row is not None
        return int(row[0])

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """Past row security; each statement by itself. One for all tests of a database."""
        if self.super_url not in CONNECTIONS:
            connection = psycopg.connect(self.super_url, autocommit=True)
            connection.execute("SET lock_timeout = '5s'")
            CONNECTIONS[self.super_url] = connection
            AT_THE_END.extend([connection.close, CONNECTIONS.clear])
        return CONNECTIONS[self.super_url]

    def _run(self, statements: str) -> None:
        self.connection.execute(statements.encode())


@dataclass(frozen=True)
class TestDatabases:
    """Makes and empties databases on the run's server."""

    __test__ = False

    server: PostgresServer

    @contextmanager
    def from_template(self, *, empty: bool = False) -> Iterator[str]:
        """The name of a fresh copy of the migrated database, dropped at the end.

        With `empty`, a copy of nothing: for tests of migrations.
        """
        name = f"test_{uuid.uuid4().hex}"
        self._run(
            sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(
                name=sql.Identifier(name),
                template=sql.Identifier("template0" if empty else DATABASE),
                owner=sql.Identifier(OWNER_ROLE),
            )
        )
        try:
            yield name
        finally:
            while AT_THE_END:
                AT_THE_END.pop(0)()
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def empty(self, name: str) -> Database:
        """The database `name` without a row."""
        database = Database(
            self.server.owner_url(name),
            self.server.app_url(name),
            self.server.superuser_url(name),
        )
        database.empty()
        return database

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.superuser_url(), autocommit=True) as connection:
            connection.execute(statement)
