"""What is asked at every click reads a bounded number of rows, however many there are.

Without row-level security other indexes would do: these plans are made for the application's role.
The same cases are held against a million rows by hand: python -m tests.benchmarks.plans.
"""

from collections.abc import Iterator

import pytest

from backend.local.postgres import PostgresServer
from backend.store.session import Store
from tests.benchmarks.card_data import Size
from tests.benchmarks.plans import CASES, card, load, seen
from tests.support.databases import TestDatabases
from tests.support.plans import Seen

SIZE = Size(contacts=40_000, messages=80_000, opened=2_000)
"""Contacts, conversations and pending mail are three and more times what a page may read."""


@pytest.fixture(scope="module")
def found(postgres: PostgresServer) -> Iterator[list[tuple[str, int, Seen]]]:
    with TestDatabases(postgres).from_template() as name:
        load(postgres.superuser_url(name), SIZE)
        store = Store.connect(postgres.app_url(name))
        yield list(seen(store, SIZE))
        store.dispose()


def test_every_statement_reads_no_more_rows_than_it_may(
    found: list[tuple[str, int, Seen]],
) -> None:
    greedy = [(name, one.rows, one.sql[:300]) for name, most, one in found if one.rows > most]
    assert greedy == []


def test_every_case_was_looked_at(found: list[tuple[str, int, Seen]]) -> None:
    names = {name for name, _, _ in found}
    assert names == {case.name for case in CASES} | {name for name, _ in card(SIZE)}
