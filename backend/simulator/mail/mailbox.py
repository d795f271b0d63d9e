"""Filing, labelling and deleting messages of one mailbox, each with its record of history."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.simulator.mail import ids, relay
from backend.simulator.mail.digest import Digest
from backend.simulator.mail.labels import packed, unpacked
from backend.simulator.store import Store


class Change(StrEnum):
    """The four kinds of history.list."""

    ADDED = "messageAdded"
    DELETED = "messageDeleted"
    LABELLED = "labelAdded"
    UNLABELLED = "labelRemoved"


@dataclass(frozen=True)
class Filed:
    """A message in a mailbox."""

    mailbox: str
    id: int
    thread: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Filing:
    """Everything about a message to be filed but its bytes. Times in epoch milliseconds.

    `thread` None opens a thread. `recorded_as` is how history tells of it: None not at all.
    """

    mailbox: str
    labels: Sequence[str]
    internal_date: int
    filed_at: int
    thread: int | None = None
    recorded_as: Change | None = Change.ADDED
    recorded_labels: Sequence[str] = ()


class Mailroom:
    """Writes messages. Every method expects to run inside `store.write()`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def queue(self, db: sqlite3.Connection, raw: bytes, *, sender: str, recipient: str) -> None:
        """Have a mail handed over to the product."""
        relay.queue(self._store, db, raw, sender=sender, recipient=recipient)

    def file(self, db: sqlite3.Connection, raw: bytes, seen: Digest, filing: Filing) -> Filed:
        """Add one message; its id tells `internal_date`."""
        ident = ids.new_id(db, filing.internal_date)
        thread = ident if filing.thread is None else filing.thread
        filed = Filed(filing.mailbox, ident, thread, tuple(filing.labels))
        db.execute(
            "INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(ident, filing.mailbox, thread, filing.internal_date, filing.filed_at),
                *(packed(filing.labels), "", len(raw), seen.snippet, seen.rfc_id),
                *(seen.subject, seen.subject_key, seen.from_text, seen.to_text),
                *(seen.cc_text, seen.bcc_text, seen.filenames),
            ),
        )
        db.execute("INSERT INTO content VALUES (?,?,?)", (ident, raw, seen.body_text))
        if filing.recorded_as is None:
            self._move_history(db, filed)
        else:
            self._record(db, filed, filing.recorded_as, filing.recorded_labels)
        return filed

    def relabel(
        self, db: sqlite3.Connection, message: Filed, *, add: Iterable[str], remove: Iterable[str]
    ) -> Filed:
        """Apply labels and take others off; what changes nothing leaves no trace."""
        gone = [label for label in dict.fromkeys(remove) if label in message.labels]
        new = [label for label in dict.fromkeys(add) if label not in message.labels]
        kept = [label for label in message.labels if label not in gone]
        changed = Filed(message.mailbox, message.id, message.thread, (*kept, *new))
        if not gone and not new:
            return message
        db.execute(
            "UPDATE message SET labels = ? WHERE id = ?", (packed(changed.labels), message.id)
        )
        if new:
            self._record(db, changed, Change.LABELLED, new)
        if gone:
            self._record(db, changed, Change.UNLABELLED, gone)
        return changed

    def delete(self, db: sqlite3.Connection, message: Filed) -> None:
        """Remove for good. The record of it stays."""
        self._record(db, message, Change.DELETED, ())
        db.execute("DELETE FROM message WHERE id = ?", (message.id,))
        db.execute("DELETE FROM content WHERE id = ?", (message.id,))

    def forget_history(self, db: sqlite3.Connection, mailbox: str) -> None:
        """Make every history id handed out so far too old."""
        value = f"{ids.next_history_id(db, mailbox):020d}"
        db.execute("UPDATE person SET history_floor = ? WHERE email = ?", (value, mailbox))
        db.execute("DELETE FROM history WHERE mailbox = ?", (mailbox,))

    def _record(
        self, db: sqlite3.Connection, message: Filed, kind: Change, delta: Iterable[str]
    ) -> None:
        value = self._move_history(db, message)
        db.execute(
            "INSERT INTO history VALUES (?,?,?,?,?,?,?)",
            (
                *(message.mailbox, f"{value:020d}", kind, message.id, message.thread),
                *(packed(message.labels), packed(delta)),
            ),
        )

    def _move_history(self, db: sqlite3.Connection, message: Filed) -> int:
        value = ids.next_history_id(db, message.mailbox)
        db.execute("UPDATE message SET history = ? WHERE id = ?", (f"{value:020d}", message.id))
        self._store.touch(message.mailbox)
        return value


def find(db: sqlite3.Connection, mailbox: str, ident: int) -> Filed | None:
    row = db.execute(
        "SELECT thread, labels FROM message WHERE id = ? AND mailbox = ?", (ident, mailbox)
    ).fetchone()
    if row is None:
        return None
    return Filed(mailbox, ident, row["thread"], tuple(unpacked(row["labels"])))


def raw_of(db: sqlite3.Connection, ident: int) -> bytes:
    row = db.execute("SELECT raw FROM content WHERE id = ?", (ident,)).fetchone()
    return bytes(row["raw"])


def of_thread(db: sqlite3.Connection, mailbox: str, thread: int) -> list[Filed]:
    """Oldest first."""
    rows = db.execute(
        "SELECT id, labels FROM message WHERE mailbox = ? AND thread = ?"
        " ORDER BY internal_date, id",
        (mailbox, thread),
    )
    return [Filed(mailbox, row["id"], thread, tuple(unpacked(row["labels"]))) for row in rows]
