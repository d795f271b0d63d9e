"""Plays the mail server beside the product: mail for addresses of its domain waits in a queue and
is handed over by LMTP, again and again until it is taken or refused for good.

The queue is a table, so that mail survives a restart, as it does in a real mail server.
"""

import logging
import smtplib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime

from backend.simulator.clock import Clock, from_epoch_ms
from backend.simulator.config import RelayTarget
from backend.simulator.mail.raw_headers import RawMail
from backend.simulator.store import Store

log = logging.getLogger(__name__)

QUEUED = "relay"
"""The name under which the store records that mail was queued; no mailbox has it."""
TIMEOUT_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True)
class Undeliverable:
    """A permanently refused message, and the answer its sender gets."""

    raw: bytes
    sender: str
    recipient: str
    answer: str


def queue(store: Store, db: sqlite3.Connection, raw: bytes, *, sender: str, recipient: str) -> None:
    """Have a mail handed over. Expects to run inside `store.write()`."""
    db.execute(
        "INSERT INTO relayed (raw, sender, recipient) VALUES (?,?,?)", (raw, sender, recipient)
    )
    store.touch(QUEUED)


def received(mail: RawMail, target: RelayTarget, *, sender: str, proven: bool, at_ms: int) -> bytes:
    """The mail as this server passes it on: with its own verdict about the sender, in place of any
    that others wrote.
    """
    domain = sender.rpartition("@")[2] or "unknown.example"
    verdict = "pass" if proven else "fail"
    told = (
        f"{target.name}; dkim={verdict} header.d={domain}; spf={verdict} smtp.mailfrom={sender};"
        f" dmarc={verdict} header.from={domain}"
    )
    when = format_datetime(from_epoch_ms(at_ms))
    fields = [
        ("Return-Path", f"<{sender}>"),
        ("Received", f"by {target.name} with ESMTPS id {at_ms:x}; {when}"),
        ("Authentication-Results", told),
    ]
    return mail.without("authentication-results", "return-path").with_first(fields).as_bytes()


class Relay:
    """The queue's worker: a thread that starts with the first mail."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        target: RelayTarget,
        on_refusal: Callable[[Undeliverable], None],
    ) -> None:
        self._store, self._clock, self._target = store, clock, target
        self._on_refusal = on_refusal
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._pause = FIRST_PAUSE_SECONDS

    def wake(self) -> None:
        """There is mail."""
        if self._target.lmtp is None:
            return
        self._wake.set()
        if self._thread is None and not self._stopped:
            self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Hand over nothing any more."""
        self._stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(TIMEOUT_SECONDS)

    def waiting(self) -> int:
        """How many mails are in the queue."""
        with self._store.read() as db:
            return int(db.execute("SELECT count(*) FROM relayed").fetchone()[0])

    def _run(self) -> None:
        while not self._stopped:
            self._wake.clear()
            if self._hand_over_all():
                self._pause = FIRST_PAUSE_SECONDS
                self._wake.wait()
            else:
                self._wake.wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)

    def _hand_over_all(self) -> bool:
        """Whether the queue is empty now. What is refused for the moment stays in it."""
        with self._store.read() as db:
            rows = db.execute("SELECT * FROM relayed ORDER BY id").fetchall()
        taken = [self._hand_over(row) for row in rows if not self._stopped]
        return all(taken)

    def _hand_over(self, row: sqlite3.Row) -> bool:
        try:
            self._deliver(row)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[row["recipient"]]
            return self._refused(row, code, answer)
        except smtplib.SMTPResponseException as error:
            return self._refused(row, error.smtp_code, error.smtp_error)
        except OSError:
            return False
        self._forget(row)
        return True

    def _deliver(self, row: sqlite3.Row) -> None:
        host, _, port = (self._target.lmtp or "").rpartition(":")
        server = smtplib.LMTP(host, int(port), local_hostname=self._target.name)
        try:
            if server.sock is not None:
                server.sock.settimeout(TIMEOUT_SECONDS)
            server.sendmail(row["sender"], [row["recipient"]], row["raw"])
        finally:
            server.close()

    def _refused(self, row: sqlite3.Row, code: int, answer: bytes | str) -> bool:
        """Whether the mail is out of the queue: a refusal for good goes back to the sender."""
        if code < 500:
            return False
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        self._forget(row)
        self._on_refusal(
            Undeliverable(row["raw"], row["sender"], row["recipient"], f"{code} {text}")
        )
        return True

    def _forget(self, row: sqlite3.Row) -> None:
        with self._store.write() as db:
            db.execute("DELETE FROM relayed WHERE id = ?", (row["id"],))
