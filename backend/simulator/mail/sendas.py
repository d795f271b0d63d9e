"""Which From addresses a mailbox may use: its own and accepted send-as ones."""

import json
import sqlite3
from email.utils import formataddr

from backend.simulator import people
from backend.simulator.mail.raw_headers import RawMail, unfolded

Json = dict[str, object]


def listed(db: sqlite3.Connection, mailbox: str) -> list[Json]:
    """The primary address first, then the others as stored."""
    person = people.find(db, mailbox)
    primary: Json = {
        "sendAsEmail": mailbox,
        "displayName": person.name if person else "",
        "replyToAddress": "",
        "signature": "",
        "isPrimary": True,
        "isDefault": True,
    }
    rows = db.execute(
        "SELECT body FROM send_as WHERE mailbox = ? ORDER BY email = mailbox DESC, email",
        (mailbox,),
    )
    stored: list[Json] = [json.loads(row["body"]) for row in rows]
    if stored and stored[0].get("isPrimary"):
        return stored
    return [primary, *stored]


def store(db: sqlite3.Connection, mailbox: str, body: Json) -> None:
    db.execute(
        "INSERT INTO send_as VALUES (?,?,?) ON CONFLICT DO UPDATE SET body = excluded.body",
        (mailbox, str(body["sendAsEmail"]).lower(), json.dumps(body)),
    )


def drop(db: sqlite3.Connection, mailbox: str, address: str) -> None:
    """As when its owner deletes it in Gmail's settings."""
    db.execute("DELETE FROM send_as WHERE mailbox = ? AND email = ?", (mailbox, address.lower()))


def accepted_from(db: sqlite3.Connection, mailbox: str, mail: RawMail) -> str:
    """The From that leaves: as written when it is ours to use, else the primary address."""
    written = mail.addresses("from")
    if len(written) == 1 and written[0] in _usable(db, mailbox):
        return _raw_from(mail)
    person = people.find(db, mailbox)
    return formataddr((person.name if person else "", mailbox))


def _usable(db: sqlite3.Connection, mailbox: str) -> set[str]:
    return {
        str(one["sendAsEmail"]).lower()
        for one in listed(db, mailbox)
        if one.get("isPrimary") or one.get("verificationStatus") == "accepted"
    }


def _raw_from(mail: RawMail) -> str:
    """As it was encoded: a decoded value would not be a legal header."""
    field = next(one for one in mail.fields if one.key == "from")
    return unfolded(field.raw)
