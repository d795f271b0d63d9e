"""The suite's own fixtures: a test must never see what another one left."""

import psycopg
import pytest
import redis
from psycopg import sql

from tests.support.databases import Database


@pytest.mark.parametrize("round_number", [1, 2])
def test_a_database_comes_migrated_and_without_rows(round_number: int, database: Database) -> None:
    with psycopg.connect(database.owner_url) as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        assert ("alembic_version",) in tables
        for (table,) in tables:
            rows = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            assert (table, rows.fetchone()) == (table, (1 if table == "alembic_version" else 0,))
    with psycopg.connect(database.super_url) as owner:
        insert = "INSERT INTO workspaces (name, created_at) VALUES ('Left', now()) RETURNING id"
        assert owner.execute(insert).fetchone() == (1,)


@pytest.mark.parametrize("round_number", [1, 2])
def test_redis_comes_without_keys(round_number: int, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")
