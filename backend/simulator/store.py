"""One SQLite connection behind one lock, and who must hear of a change once it is committed.

Python's interpreter lock serialises the work anyway; one connection keeps it simple and quick.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.simulator.schema import GRANT_TABLES, SCHEMA


class Store:
    """The state of the simulated world. `path` None keeps it in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            str(path or ":memory:"),
            check_same_thread=False,
            isolation_level=None,
            cached_statements=256,
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing that way; only a power cut could.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(SCHEMA)
        self._touched: set[str] = set()
        self.on_change: Callable[[frozenset[str]], None] = lambda _: None

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Queries only."""
        with self._lock:
            yield self._db

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; nested calls join the outer one. Listeners hear of it afterwards."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._touched.clear()
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            touched = frozenset(self._touched)
        if touched:
            self.on_change(touched)

    def touch(self, mailbox: str) -> None:
        """Remember, inside a transaction, that this mailbox has changed."""
        self._touched.add(mailbox)

    def is_blank(self) -> bool:
        with self.read() as db:
            return db.execute("SELECT 1 FROM person LIMIT 1").fetchone() is None

    def become(self, template: "Store", *, keeping_grants: bool = False) -> None:
        """Replace all content by a copy of another store's."""
        with self._lock, template.read() as source:
            kept = self._grants() if keeping_grants else {}
            source.backup(self._db)
            for table, rows in kept.items():
                self._insert_rows(table, rows)

    def _grants(self) -> dict[str, list[sqlite3.Row]]:
        return {
            table: self._db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names
            for table in GRANT_TABLES
        }

    def _insert_rows(self, table: str, rows: list[sqlite3.Row]) -> None:
        for row in rows:
            marks = ",".join("?" * len(row))
            self._db.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))  # noqa: S608

    def close(self) -> None:
        with self._lock:
            self._db.close()
