"""Accepts mail from a mailbox as Gmail does and carries it to everybody else's.

Gmail replaces the Message-ID of what it sends, keeps X- headers, shows Bcc to nobody but the
sender, and answers for addresses that take no mail with a delivery report into the thread.
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime

from backend.simulator import people
from backend.simulator.clock import Clock, from_epoch_ms
from backend.simulator.config import RelayTarget
from backend.simulator.mail import raw_headers, relay, threading
from backend.simulator.mail.bounce import (
    UNKNOWN,
    Fate,
    bounce_for,
    complains,
    complaint_for,
    fate_of,
)
from backend.simulator.mail.digest import digest, ids_in
from backend.simulator.mail.ids import next_serial
from backend.simulator.mail.mailbox import Change, Filed, Filing, Mailroom
from backend.simulator.mail.raw_headers import RawMail
from backend.simulator.mail.sendas import accepted_from
from backend.simulator.people import Role

MAX_RECIPIENTS = 100  # through the API, one version of Google's page
SEND_ID_HEADER = "x-rapport-send-id"
LINE_END = re.compile(rb"\r?\n")
BOUNCE_DELAY = timedelta(seconds=1)


class RefusedMailError(ValueError):
    """Gmail would not take this mail; the text is Google's."""


@dataclass(frozen=True)
class Sending:
    """A mail to go out. Times in epoch milliseconds; `thread` as asked for by the caller."""

    sender: str
    raw: bytes
    at_ms: int
    thread: int | None = None
    recorded_as: Change = Change.ADDED


@dataclass(frozen=True)
class Arrival:
    """A mail that comes in. `labels` None leaves the choice to Gmail; `proven` says whether the
    server of the product's own domain finds From to be who wrote it.
    """

    raw: bytes
    recipients: Sequence[str]
    at_ms: int
    labels: Sequence[str] | None = None
    proven: bool = True


class Postman:
    """Every method expects to run inside `store.write()`."""

    def __init__(self, mailroom: Mailroom, clock: Clock, target: RelayTarget | None = None) -> None:
        self._mailroom = mailroom
        self._clock = clock
        self._target = target or RelayTarget()

    def send(self, db: sqlite3.Connection, sending: Sending) -> Filed:
        """File the Sent copy and deliver to all recipients."""
        mail = raw_headers.parse(LINE_END.sub(b"\r\n", sending.raw))
        recipients = recipients_of(mail)
        own = [address for address in recipients if owner_of(db, address) == sending.sender]
        outgoing = self._outgoing(db, mail, sending)
        filed = self._file_sent(db, outgoing, sending, to_self=bool(own))
        self._note(db, filed, outgoing, [*recipients])
        others = [address for address in recipients if address not in own]
        copy = outgoing.without("bcc").as_bytes()
        self.arrive(db, Arrival(copy, others, sending.at_ms), sender=sending.sender)
        return filed

    def arrive(self, db: sqlite3.Connection, arrival: Arrival, *, sender: str = "") -> list[Filed]:
        """One copy for each mailbox reached. The `sender` hears of those not reached."""
        reached: dict[str, str] = {}
        for address in arrival.recipients:
            if self._is_relayed(address):
                self._relay(db, arrival, address)
            elif not self._is_kept_out(db, arrival, sender, address):
                reached.setdefault(owner_of(db, address) or _newcomer(db, address), address)
        return [self._deliver(db, arrival, box, address) for box, address in reached.items()]

    def undeliverable(self, db: sqlite3.Connection, lost: relay.Undeliverable) -> None:
        """Tell the sender that the product's mail server refused their mail."""
        status = lost.answer.split(" ")[1] if " " in lost.answer else "5.0.0"
        fate = Fate(UNKNOWN.title, UNKNOWN.said, status, lost.answer)
        at_ms = self._clock.now_ms()
        failed, sender = lost.recipient, lost.sender
        if owner_of(db, sender):
            report = bounce_for(lost.raw, sender, failed=failed, fate=fate, at_ms=at_ms)
            self._tell(db, sender, report, at_ms)

    def _is_relayed(self, address: str) -> bool:
        target = self._target
        return target.lmtp is not None and address.rpartition("@")[2].lower() == target.domain

    def _relay(self, db: sqlite3.Connection, arrival: Arrival, address: str) -> None:
        mail = raw_headers.parse(arrival.raw)
        sender = next(iter(mail.addresses("from")), "")
        raw = relay.received(
            mail, self._target, sender=sender, proven=arrival.proven, at_ms=arrival.at_ms
        )
        self._mailroom.queue(db, raw, sender=sender, recipient=address)

    def _deliver(
        self, db: sqlite3.Connection, arrival: Arrival, mailbox: str, address: str
    ) -> Filed:
        mail = raw_headers.parse(arrival.raw)
        raw = mail.with_first(_trace(mail, address, arrival.at_ms)).as_bytes()
        seen = digest(raw)
        labels = arrival.labels
        if labels is None:
            category = "CATEGORY_UPDATES" if seen.is_list else "CATEGORY_PERSONAL"
            labels = ("UNREAD", category, "INBOX")
        is_report = bool(mail.first("x-failed-recipients"))
        find_thread = threading.cited_thread if is_report else threading.thread_for
        thread = find_thread(db, mailbox, seen)
        filing = Filing(mailbox, labels, arrival.at_ms, self._clock.now_ms(), thread)
        return self._mailroom.file(db, raw, seen, filing)

    def _outgoing(self, db: sqlite3.Connection, mail: RawMail, sending: Sending) -> RawMail:
        """What really leaves: From checked, Message-ID replaced, Date added when missing."""
        when = format_datetime(from_epoch_ms(sending.at_ms))
        token = f"{next_serial(db, 'rfc_id') * 2654435761 % 2**40:010x}{sending.at_ms:x}"
        new = [
            ("Received", f"by gmailapi.google.com with HTTPREST; {when}"),
            ("MIME-Version", mail.first("mime-version") or "1.0"),
            ("From", accepted_from(db, sending.sender, mail)),
            ("Date", mail.first("date") or when),
            ("Message-ID", f"<CA+{token}@mail.gmail.com>"),
        ]
        return mail.without("mime-version", "from", "date", "message-id").with_first(new)

    def _file_sent(
        self, db: sqlite3.Connection, mail: RawMail, sending: Sending, *, to_self: bool
    ) -> Filed:
        raw = mail.as_bytes()
        seen = digest(raw)
        thread = sending.thread
        if thread is not None and not threading.fits(db, sending.sender, seen, thread=thread):
            thread = None
        labels = ("SENT", "INBOX", "UNREAD") if to_self else ("SENT",)
        recorded = ("SENT",) if sending.recorded_as is Change.LABELLED else ()
        filing = Filing(
            *(sending.sender, labels, sending.at_ms, self._clock.now_ms(), thread),
            recorded_as=sending.recorded_as,
            recorded_labels=recorded,
        )
        return self._mailroom.file(db, raw, seen, filing)

    def _note(
        self, db: sqlite3.Connection, filed: Filed, mail: RawMail, recipients: list[str]
    ) -> None:
        """The truth for kill tests: what was really accepted."""
        db.execute(
            "INSERT INTO accepted_send (send_id, mailbox, message, rfc_id, recipients, sent_at)"
            " VALUES (?,?,?,?,?,?)",
            (
                *(mail.first(SEND_ID_HEADER), filed.mailbox, filed.id),
                *("".join(ids_in(mail.first("message-id"))), json.dumps(recipients)),
                self._clock.now_ms(),
            ),
        )

    def _is_kept_out(
        self, db: sqlite3.Connection, arrival: Arrival, sender: str, address: str
    ) -> bool:
        """Whether no mail gets to this address. Who complains of one has got it."""
        fate = UNKNOWN if _is_unknown_colleague(db, address) else fate_of(address)
        raw, at_ms = arrival.raw, arrival.at_ms
        if fate is not None:
            self._tell(
                db, sender, bounce_for(raw, sender, failed=address, fate=fate, at_ms=at_ms), at_ms
            )
        elif complains(address):
            self._tell(db, sender, complaint_for(raw, sender, failed=address, at_ms=at_ms), at_ms)
        return fate is not None

    def _tell(self, db: sqlite3.Connection, sender: str, report: bytes, at_ms: int) -> None:
        """Deliver a report about our own mail to its sender; other senders are not ours to
        inform.
        """
        if not sender:
            return
        later = at_ms + int(BOUNCE_DELAY.total_seconds() * 1000)
        self._deliver(db, Arrival(report, [sender], later), sender, sender)


def recipients_of(mail: RawMail) -> list[str]:
    """Everybody the mail is for, or the refusal Gmail gives."""
    for name in ("to", "cc", "bcc"):
        written = [value for value in mail.every(name) if value.strip(" ,;")]
        if written and not mail.addresses(name):
            raise RefusedMailError(f"Invalid {name.capitalize()} header")
    every = [address for name in ("to", "cc", "bcc") for address in mail.addresses(name)]
    found = list(dict.fromkeys(every))
    if not found:
        raise RefusedMailError("Recipient address required")
    if len(found) > MAX_RECIPIENTS:
        raise RefusedMailError("Too many recipients")
    return found


def owner_of(db: sqlite3.Connection, address: str) -> str | None:
    """Whose mailbox an address leads to; `name+tag@` leads where `name@` does."""
    local, _, domain = address.lower().rpartition("@")
    for candidate in (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"):
        if people.find(db, candidate):
            return candidate
    alias = db.execute("SELECT mailbox FROM send_as WHERE email = ?", (address,)).fetchone()
    return None if alias is None else str(alias["mailbox"])


def _newcomer(db: sqlite3.Connection, address: str) -> str:
    return people.add(db, address).email


def _is_unknown_colleague(db: sqlite3.Connection, address: str) -> bool:
    """The team's own domain knows its people; every other one takes anybody."""
    domain = address.rpartition("@")[2].lower()
    ours = db.execute(
        "SELECT 1 FROM person WHERE role = ? AND substr(email, instr(email, '@') + 1) = ? LIMIT 1",
        (Role.TEAM, domain),
    ).fetchone()
    return ours is not None and owner_of(db, address) is None


def _trace(mail: RawMail, address: str, at_ms: int) -> list[tuple[str, str]]:
    """What the receiving side writes on top."""
    sender = next(iter(mail.addresses("from")), "")
    domain = sender.rpartition("@")[2] or "unknown.example"
    when = format_datetime(from_epoch_ms(at_ms))
    verdict = (
        f"mx.google.com; dkim=pass header.i=@{domain}; spf=pass smtp.mailfrom={sender};"
        f" dmarc=pass header.from={domain}"
    )
    return [
        ("Delivered-To", address),
        ("Received", f"by simulator.local with SMTP id {at_ms:x}; {when}"),
        ("Return-Path", f"<{sender}>"),
        ("Authentication-Results", verdict),
    ]
