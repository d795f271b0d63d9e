"""Statements in one message: each has its answer, and what fails does no lasting harm."""

from collections.abc import Iterator

import psycopg
import pytest

from backend.store.exchange import MOST_PREPARED, exchange
from tests.support.databases import Database

ECHO = b"SELECT CAST($1 AS text)"
PREPARED = b"SELECT count(*) FROM pg_prepared_statements"
LARGE = "x" * 9_000_000
"""More than a socket takes at once, so that both sides have to read and write by turns."""


@pytest.fixture
def driver(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        yield connection


def test_each_statement_has_its_value_or_none(driver: psycopg.Connection) -> None:
    asked = [(ECHO, ["a"]), (b"SET work_mem = '4MB'", []), (b"SELECT 1 WHERE false", [])]
    assert exchange(driver, [*asked, (b"SELECT json_build_array(1, null)", [])]) == [
        "a",
        None,
        None,
        [1, None],
    ]


def test_a_statement_is_prepared_once_for_each_kind_of_values(driver: psycopg.Connection) -> None:
    for value in (1, 2, 100_000, 1):  # a small number is of another type
        assert exchange(driver, [(ECHO, [value]), (ECHO, [value])]) == [str(value)] * 2
    assert exchange(driver, [(PREPARED, [])]) == [3]


def test_connections_are_not_filled_without_end(driver: psycopg.Connection) -> None:
    for number in range(MOST_PREPARED + 5):
        sql = f"SELECT {number} + $1".encode()
        assert exchange(driver, [(sql, [1])]) == [number + 1]
    assert exchange(driver, [(PREPARED, [])]) == [MOST_PREPARED]


def test_large_values_travel_both_ways(driver: psycopg.Connection) -> None:
    assert exchange(driver, [(ECHO, [LARGE])] * 3) == [LARGE] * 3


@pytest.mark.parametrize(
    ("sql", "value", "error"),
    [
        (b"SELECT 1 / $1", 0, psycopg.errors.DivisionByZero),
        (b"SELECT $1 FROM nowhere", 1, psycopg.errors.UndefinedTable),
        (ECHO, "\0", psycopg.DataError),
    ],
)
def test_what_fails_is_raised_and_the_next_message_answered(
    driver: psycopg.Connection, sql: bytes, value: object, error: type[Exception]
) -> None:
    for _ in range(2):
        with pytest.raises(error):
            exchange(driver, [(ECHO, ["before"]), (sql, [value]), (ECHO, ["after"])])
        assert exchange(driver, [(ECHO, ["a"])]) == ["a"]


def test_a_connection_that_ends_meanwhile_is_closed(driver: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        exchange(driver, [(b"SELECT pg_terminate_backend(pg_backend_pid())", []), (ECHO, ["a"])])
    assert driver.closed
