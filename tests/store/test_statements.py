"""Every statement that is kept ready fits the schema as it is migrated."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import psycopg

from backend import queries, store
from backend.store.statements import Statement
from tests.support.databases import Database


def statements() -> Iterator[tuple[str, Statement[object]]]:
    """All that modules of the store and the queries keep, by module and name."""
    for package in (store, queries):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                for name, value in vars(import_module(found.name)).items():
                    if isinstance(value, Statement):
                        yield f"{found.name}.{name}", value


def test_postgres_takes_every_statement(database: Database) -> None:
    refused = {}
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        for name, statement in statements():
            answer = connection.pgconn.prepare(b"", statement.sql)
            if answer.status != psycopg.pq.ExecStatus.COMMAND_OK:
                refused[name] = answer.error_message.decode()
    assert refused == {}
