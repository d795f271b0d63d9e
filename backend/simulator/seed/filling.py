"""Puts the people, and with the company their mail, into an empty store."""

import sqlite3
from datetime import datetime, timedelta

from backend.simulator import people
from backend.simulator.clock import Clock, epoch_ms
from backend.simulator.config import Seed
from backend.simulator.mail.composing import composed
from backend.simulator.mail.digest import digest
from backend.simulator.mail.ids import next_serial
from backend.simulator.mail.mailbox import Filing, Mailroom
from backend.simulator.mail.postman import Arrival, Postman, Sending
from backend.simulator.people import FIRST_HISTORY_ID, Role
from backend.simulator.seed import company, extras
from backend.simulator.seed.conversations import all_conversations
from backend.simulator.seed.singles import newest, unscripted
from backend.simulator.seed.writing import Written, letter
from backend.simulator.store import Store

READ_AFTER = timedelta(days=2)
ARCHIVED_AFTER = timedelta(days=30)
ARCHIVED_OF_TEN = 6


def fill(store: Store, seed: Seed, *, now: datetime) -> None:
    """Everything is dated backwards from `now`."""
    with store.write() as db:
        _add_people(db)
        if seed is Seed.COMPANY:
            _Author(store, db, now).tell_everything()
        _start_counting(db)


def _add_people(db: sqlite3.Connection) -> None:
    for one in company.team():
        people.add(db, one.email, name=one.name, role=Role.TEAM, title=one.title)
    for one in company.outsiders():
        people.add(db, one.email, name=one.name, title=one.title)
    for customer in company.customers():
        for one in customer.people:
            people.add(db, one.email, name=one.name, title=f"{one.title}, {customer.name}")


def _start_counting(db: sqlite3.Connection) -> None:
    """What was seeded is past: no history, no accepted sends, all ids just below a million."""
    db.execute("DELETE FROM history")
    db.execute("DELETE FROM accepted_send")
    first = f"{FIRST_HISTORY_ID:020d}"
    db.execute("UPDATE person SET history = ?, history_floor = ?", (first, first))
    db.execute("UPDATE message SET history = ?", (first,))


class _PastClock(Clock):
    """A clock fixed at the story's time."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class _Author:
    """Sends the seeded letters in the order of their dates."""

    def __init__(self, store: Store, db: sqlite3.Connection, now: datetime) -> None:
        self._db = db
        self._now = now
        self._clock = _PastClock(now)
        self._mailroom = Mailroom(store)
        self._postman = Postman(self._mailroom, self._clock)
        self._told: dict[int, list[tuple[str, Written]]] = {}

    def tell_everything(self) -> None:
        scripted = [*all_conversations(self._now), *unscripted(self._now)]
        fresh = list(newest(self._now))
        conversations = [*scripted, *(told for told, _ in fresh)]
        unread = {len(scripted) + number for number, (_, read) in enumerate(fresh) if not read}
        letters = [
            (written, number)
            for number, conversation in enumerate(conversations)
            for written in conversation
        ]
        for written, number in sorted(letters, key=lambda pair: pair[0].at):
            self._send(written, number, labels=self._labels(written, number, unread))
        extras.add(self._db, self._mailroom, now=self._now)

    def _labels(self, written: Written, number: int, unread: set[int]) -> list[str]:
        """Old mail has been read, and more than half of it archived."""
        age = self._now - written.at
        listed = any(name == "List-Id" for name, _ in written.headers)
        labels = ["CATEGORY_UPDATES" if listed else "CATEGORY_PERSONAL"]
        if age < ARCHIVED_AFTER or number % 10 >= ARCHIVED_OF_TEN:
            labels.append("INBOX")
        if number in unread or (listed and age < 10 * READ_AFTER):
            labels.insert(0, "UNREAD")
        return labels

    def _send(self, written: Written, number: int, *, labels: list[str]) -> None:
        self._clock.moment = written.at
        before = self._told.setdefault(number, [])
        if written.sender in company.team():
            self._told[number].append((self._send_ours(written, before), written))
        else:
            ident = self._send_theirs(written, before, labels=labels)
            self._told[number].append((ident, written))

    def _send_ours(self, written: Written, before: list[tuple[str, Written]]) -> str:
        raw = composed(letter(written, before, ""))
        thread = self._thread_of(written.sender.email, before)
        at_ms = epoch_ms(written.at)
        filed = self._postman.send(self._db, Sending(written.sender.email, raw, at_ms, thread))
        self._settle(at_ms)
        row = self._db.execute("SELECT rfc_id FROM message WHERE id = ?", (filed.id,)).fetchone()
        return str(row["rfc_id"])

    def _send_theirs(
        self, written: Written, before: list[tuple[str, Written]], *, labels: list[str]
    ) -> str:
        sender = written.sender
        serial = next_serial(self._db, "seed")
        ident = f"{serial:04d}.{epoch_ms(written.at):x}@mail.{sender.email.rpartition('@')[2]}"
        raw = composed(letter(written, before, ident))
        at_ms = epoch_ms(written.at)
        if people.find(self._db, sender.email):
            thread = self._thread_of(sender.email, before)
            filing = Filing(sender.email, ("SENT",), at_ms, at_ms, thread)
            self._mailroom.file(self._db, raw, digest(raw), filing)
        addressed = [one.email for one in (*written.to, *written.cc)]
        self._postman.arrive(self._db, Arrival(raw, addressed, at_ms, labels))
        return ident

    def _thread_of(self, mailbox: str, before: list[tuple[str, Written]]) -> int | None:
        """Where this mailbox keeps the conversation so far."""
        for ident, _ in reversed(before):
            row = self._db.execute(
                "SELECT thread FROM message WHERE mailbox = ? AND rfc_id = ?", (mailbox, ident)
            ).fetchone()
            if row is not None:
                return int(row["thread"])
        return None

    def _settle(self, at_ms: int) -> None:
        """What the team wrote to each other has been read; reports of failure too."""
        self._db.execute(
            "UPDATE message SET labels = replace(labels, ' UNREAD ', ' ')"
            " WHERE internal_date BETWEEN ? AND ?",
            (at_ms, at_ms + 1000),
        )
