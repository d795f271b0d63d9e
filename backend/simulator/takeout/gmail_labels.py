"""X-Gmail-Labels of Google Takeout, in the languages it is often written in, as label ids."""

import csv
import json
import sqlite3

from backend.simulator.mail.ids import next_serial

# Takeout writes the labels in the account's language: English, German, French, Spanish, Dutch.
KNOWN = {
    "INBOX": ("inbox", "posteingang", "boîte de réception", "recibidos", "postvak in"),
    "SENT": ("sent", "gesendet", "messages envoyés", "envoyés", "enviados", "verzonden"),
    "UNREAD": ("unread", "ungelesen", "non lus", "no leídos", "ongelezen"),
    "IMPORTANT": ("important", "wichtig", "importants", "importantes", "belangrijk"),
    "STARRED": ("starred", "markiert", "suivis", "destacados", "met ster"),
    "DRAFT": ("drafts", "draft", "entwürfe", "brouillons", "borradores", "concepten"),
    "SPAM": ("spam",),
    "TRASH": ("trash", "bin", "papierkorb", "corbeille", "papelera", "prullenbak"),
    "CHAT": ("chat", "chats"),
    "CATEGORY_PERSONAL": ("category personal", "category primary", "kategorie: allgemein"),
    "CATEGORY_PROMOTIONS": ("category promotions", "kategorie: werbung"),
    "CATEGORY_SOCIAL": ("category social", "kategorie: soziale netzwerke"),
    "CATEGORY_UPDATES": ("category updates", "kategorie: benachrichtigungen"),
    "CATEGORY_FORUMS": ("category forums", "kategorie: foren"),
}
BY_NAME = {name: label for label, names in KNOWN.items() for name in names}
SAYS_NOTHING = frozenset({"opened", "geöffnet", "ouverts", "archived", "archiviert", "archivés"})


def split_labels(value: str) -> list[str]:
    """The names in the header; one with a comma in it is quoted.

    >>> split_labels('Inbox,Unread,"Customers, north"')
    ['Inbox', 'Unread', 'Customers, north']
    """
    return [name.strip() for row in csv.reader([value]) for name in row if name.strip()]


class LabelBook:
    """The labels of one mailbox by name; unknown ones are made."""

    def __init__(self, mailbox: str) -> None:
        self._mailbox = mailbox
        self._own: dict[str, str] = {}

    def ids(self, db: sqlite3.Connection, value: str) -> tuple[str, ...]:
        names = (" ".join(name.split()) for name in split_labels(value))
        wanted = [name for name in names if name.lower() not in SAYS_NOTHING]
        return tuple(dict.fromkeys(self._id(db, name) for name in wanted))

    def _id(self, db: sqlite3.Connection, name: str) -> str:
        known = BY_NAME.get(name.lower()) or self._own.get(name.lower())
        if known is None:
            known = self._stored(db, name) or self._made(db, name)
            self._own[name.lower()] = known
        return known

    def _stored(self, db: sqlite3.Connection, name: str) -> str | None:
        row = db.execute(
            "SELECT id FROM label WHERE mailbox = ? AND lower(name) = lower(?)",
            (self._mailbox, name),
        ).fetchone()
        return None if row is None else str(row["id"])

    def _made(self, db: sqlite3.Connection, name: str) -> str:
        ident = f"Label_{next_serial(db, f'label {self._mailbox}')}"
        body = json.dumps({"id": ident, "name": name, "type": "user"})
        db.execute("INSERT INTO label VALUES (?,?,?,?)", (self._mailbox, ident, name, body))
        return ident
