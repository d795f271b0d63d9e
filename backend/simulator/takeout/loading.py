"""Loads mail archives in the background while the simulator already serves.

Works in portions, each one transaction that also stores its progress: after an interruption, a
restart continues where the last one ended.
"""

import itertools
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from backend.simulator import people
from backend.simulator.clock import Clock
from backend.simulator.mail import sendas
from backend.simulator.mail.mailbox import Filing, Mailroom
from backend.simulator.people import Role
from backend.simulator.store import Store
from backend.simulator.takeout.found import Found
from backend.simulator.takeout.gmail_labels import LabelBook
from backend.simulator.takeout.maildir import read_folder, size_of
from backend.simulator.takeout.mbox import read_mbox
from backend.simulator.takeout.reading import Read, read
from backend.simulator.takeout.state import Progress
from backend.simulator.takeout.weaving import Weaver

PORTION = 100  # mails; about a tenth of a second during which nobody else writes


class Loader:
    """Fills one mailbox from archives."""

    def __init__(self, store: Store, mailroom: Mailroom, clock: Clock) -> None:
        self._store = store
        self._mailroom = mailroom
        self._clock = clock
        self._state = Progress()
        self._thread: threading.Thread | None = None

    def start(self, archives: Sequence[Path], owner: str) -> None:
        """Begin in the background."""
        self._thread = threading.Thread(
            target=self.load, args=(archives, owner), name="loading", daemon=True
        )
        self._thread.start()

    def progress(self) -> dict[str, object]:
        return self._state.as_json()

    def load(self, archives: Sequence[Path], owner: str) -> None:
        """Load all of them, one after the other."""
        self._state.begin(sum(size_of(path) for path in archives if path.exists()))
        with self._store.write() as db:
            people.add(db, owner, role=Role.TEAM)
        addresses: Counter[str] = Counter()
        for path in archives:
            if path.exists():
                self._load_one(path, owner.lower(), addresses)
            else:
                self._state.fail(f"There is no file or folder {path}.")
        self._add_alias(owner.lower(), addresses)
        self._state.finish()

    def _load_one(self, path: Path, owner: str, addresses: Counter[str]) -> None:
        size = size_of(path)
        done = self._already_done(path, owner, size)
        if done is None:
            self._state.advance(size)
            return
        self._state.resume(done)
        weaver, book = Weaver(), LabelBook(owner)
        mails = itertools.islice(_mails(path), done, None)
        for portion in _portions(mails):
            understood = [read(one, now=self._clock.now()) for one in portion]
            addresses.update(one.delivered_to for one in understood if one.delivered_to)
            with self._store.write() as db:
                for one in understood:
                    self._file(db, one, owner, weaver, book)
                broken = sum(one.is_broken for one in understood)
                _note(db, (str(path), owner, size), len(understood), broken)
            self._state.add(len(understood), broken, portion[-1].done_bytes)
            self._state.tell()
        self._state.advance(size)
        with self._store.write() as db:
            _note(db, (str(path), owner, size), 0, 0)
            db.execute("UPDATE archive SET finished = 1 WHERE path = ?", (str(path),))

    def _file(
        self, db: sqlite3.Connection, mail: Read, owner: str, weaver: Weaver, book: LabelBook
    ) -> None:
        labels = mail.folder_labels
        if mail.labels_header is not None:
            labels = book.ids(db, mail.labels_header)
        if labels is None:
            labels = ("SENT",) if owner in mail.seen.from_text.lower() else ("INBOX",)
        thread = mail.gmail_thread or weaver.thread_for(mail.seen)
        filing = Filing(owner, labels, mail.at_ms, mail.at_ms, thread)
        filed = self._mailroom.file(db, mail.raw, mail.seen, filing)
        weaver.remember(mail.seen, filed.thread)

    def _already_done(self, path: Path, owner: str, size: int) -> int | None:
        """How many mails of this very file are loaded; None when all are."""
        with self._store.read() as db:
            row = db.execute(
                "SELECT messages, finished FROM archive"
                " WHERE path = ? AND mailbox = ? AND size = ?",
                (str(path), owner, size),
            ).fetchone()
        if row is None:
            return 0
        return None if row["finished"] else int(row["messages"])

    def _add_alias(self, owner: str, addresses: Counter[str]) -> None:
        """The address most of this mail was delivered to is the owner's too."""
        real = next((address for address, _ in addresses.most_common(1)), owner)
        if real == owner:
            return
        alias: dict[str, object] = {
            "sendAsEmail": real,
            "displayName": "",
            "treatAsAlias": True,
            "verificationStatus": "accepted",
        }
        with self._store.write() as db:
            sendas.store(db, owner, alias)


def _mails(path: Path) -> Iterator[Found]:
    return read_folder(path) if path.is_dir() else read_mbox(path)


def _portions(mails: Iterator[Found]) -> Iterator[list[Found]]:
    while portion := list(itertools.islice(mails, PORTION)):
        yield portion


def _note(db: sqlite3.Connection, key: tuple[str, str, int], messages: int, broken: int) -> None:
    db.execute(
        "INSERT INTO archive VALUES (?,?,?,?,?,0) ON CONFLICT DO UPDATE"
        " SET messages = messages + excluded.messages, broken = broken + excluded.broken",
        (*key, messages, broken),
    )
