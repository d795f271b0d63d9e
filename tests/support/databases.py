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
    EXECUTE format('ALTER SEQUENCE %s RESTART', one.name);
  END LOOP;
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
