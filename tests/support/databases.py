"""Databases for tests: one per module from a migrated template, emptied before each test."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from backend.local.postgres import DATABASE, OWNER_ROLE, PostgresServer

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
CREATE SCHEMA kept;
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
      EXECUTE format('CREATE TABLE kept.%I AS SELECT %s FROM public.%1$I', one.name, columns);
    END IF;
  END LOOP;
END $$;
CREATE TABLE kept.counters AS
  SELECT schemaname, sequencename, last_value FROM pg_sequences
   WHERE schemaname = 'public' AND last_value IS NOT NULL;
"""
PUT_BACK = """
DO $$
DECLARE one record; columns text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT c.oid, c.relname AS name FROM pg_class c
             WHERE c.relnamespace = 'kept'::regnamespace AND c.relkind = 'r'
               AND c.relname <> 'counters' LOOP
    SELECT string_agg(format('%I', a.attname), ', ') INTO columns FROM pg_attribute a
     WHERE a.attrelid = one.oid AND a.attnum > 0;
    EXECUTE format('INSERT INTO public.%I (%s) SELECT %2$s FROM kept.%1$I', one.name, columns);
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, last_value)
     FROM kept.counters;
END $$
"""


@dataclass(frozen=True)
class Database:
    """One migrated database, without rows. Web and workers connect by `app_url`.

    `super_url` sees past row security: for looking at what really stands there.
    """

    owner_url: str
    app_url: str
    super_url: str

    def keep(self) -> None:
        """Remember every row, beside the tables, for the tests of this database to come."""
        with psycopg.connect(self.super_url, autocommit=True) as connection:
            connection.execute(KEEP_EVERYTHING)

    def put_back(self) -> bool:
        """Bring into the empty tables what was kept. Whether there was anything."""
        with psycopg.connect(self.super_url, autocommit=True) as connection:
            found = connection.execute("SELECT to_regnamespace('kept')").fetchone()
            kept = found is not None and found[0] is not None
            if kept:
                connection.execute(PUT_BACK)
        return kept


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
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def empty(self, name: str) -> Database:
        """Take every row out of `name` and start its sequences anew."""
        with psycopg.connect(self.server.superuser_url(name), autocommit=True) as connection:
            connection.execute("SET lock_timeout = '5s'")
            connection.execute(EMPTY_EVERYTHING)
        return Database(
            self.server.owner_url(name),
            self.server.app_url(name),
            self.server.superuser_url(name),
        )

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.superuser_url(), autocommit=True) as connection:
            connection.execute(statement)
