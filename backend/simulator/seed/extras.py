"""What a mailbox in use has beside mail: labels, an alias, a signature, a draft, spam, a bin."""

import json
import sqlite3
from datetime import datetime, timedelta

from backend.simulator.clock import epoch_ms
from backend.simulator.mail import sendas
from backend.simulator.mail.composing import Letter, composed
from backend.simulator.mail.digest import digest
from backend.simulator.mail.ids import next_serial
from backend.simulator.mail.mailbox import Filed, Filing, Mailroom

ROBIN = "robin@lumenworks.example"
SIGNATURE = (
    '<div dir="ltr"><b style="color:#0f766e">Robin Vale</b><br>Account executive, Lumen Works<br>'
    "+44 20 7946 0018</div>"
)


def add(db: sqlite3.Connection, mailroom: Mailroom, *, now: datetime) -> None:
    _add_settings(db)
    _label_renewals(db)
    _file(db, mailroom, _spam(), ("SPAM", "UNREAD"), now - timedelta(days=2, hours=4))
    _file(db, mailroom, _binned(), ("TRASH",), now - timedelta(days=5, hours=1))
    draft = _file(db, mailroom, _draft(), ("DRAFT",), now - timedelta(days=1, hours=3))
    db.execute("INSERT INTO draft VALUES (?,?,?)", (ROBIN, "r7340512982210034", draft.id))


def _add_settings(db: sqlite3.Connection) -> None:
    primary = sendas.listed(db, ROBIN)[0]
    sendas.store(db, ROBIN, {**primary, "signature": SIGNATURE})
    alias = {
        "sendAsEmail": "sales@lumenworks.example",
        "displayName": "Lumen Works Sales",
        "replyToAddress": "",
        "signature": "",
        "treatAsAlias": True,
        "verificationStatus": "accepted",
    }
    sendas.store(db, ROBIN, alias)
    pending = {**alias, "sendAsEmail": "robin@vale.example", "verificationStatus": "pending"}
    sendas.store(db, ROBIN, {**pending, "displayName": "Robin Vale"})


def _label_renewals(db: sqlite3.Connection) -> None:
    ident = f"Label_{next_serial(db, f'label {ROBIN}')}"
    label = {"id": ident, "name": "Customers/Renewals", "type": "user"}
    db.execute(
        "INSERT INTO label VALUES (?,?,?,?)", (ROBIN, ident, label["name"], json.dumps(label))
    )
    db.execute(
        "UPDATE message SET labels = labels || ? || ' '"
        " WHERE mailbox = ? AND subject_key LIKE 'renewal%'",
        (ident, ROBIN),
    )


def _file(
    db: sqlite3.Connection,
    mailroom: Mailroom,
    letter: Letter,
    labels: tuple[str, ...],
    at: datetime,
) -> Filed:
    raw = composed(Letter(**{**letter.__dict__, "date": at}))
    at_ms = epoch_ms(at)
    return mailroom.file(db, raw, digest(raw), Filing(ROBIN, labels, at_ms, at_ms))


def _spam() -> Letter:
    return Letter(
        "Luxury Watches <deals@watches-outlet.example>",
        [ROBIN],
        "Up to 90% off, today only",
        "The finest copies at the lowest prices. Act now.",
        message_id="spam.1@watches-outlet.example",
    )


def _binned() -> Letter:
    return Letter(
        "Parcel service <info@parcels.example>",
        [ROBIN],
        "Your parcel was delivered",
        "Your parcel was handed over at the front desk.",
        message_id="parcel.1@parcels.example",
    )


def _draft() -> Letter:
    return Letter(
        f"Robin Vale <{ROBIN}>",
        ["Viktor Hale <viktor@wideworld.example>"],
        "Second site without installation costs",
        "Hi Viktor,\n\nI have thought about what you said on the phone.",
    )
