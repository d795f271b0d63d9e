"""Gmail's ids: 16 hex digits whose top bits are the time, and history ids that only grow."""

import re
import sqlite3

HEX_ID = re.compile(r"[0-9a-f]{1,16}")
SPREAD = 0x9E377  # odd, so that consecutive serials scatter over the low bits without meeting
LOW_BITS = 20
LAST_MS = (1 << 43) - 1  # the largest time whose id still fits a signed 64-bit integer


class UnknownIdError(ValueError):
    """What should be an id is none."""


def new_id(db: sqlite3.Connection, at_ms: int) -> int:
    """An id no message has, whose top bits tell `at_ms`."""
    low = (next_serial(db, "message") * SPREAD) & ((1 << LOW_BITS) - 1)
    ident = (min(max(at_ms, 0), LAST_MS) << LOW_BITS) | low
    while db.execute("SELECT 1 FROM message WHERE id = ?", (ident,)).fetchone():
        ident += 1
    return ident


def next_serial(db: sqlite3.Connection, name: str) -> int:
    row = db.execute(
        "INSERT INTO counter VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        (name,),
    ).fetchone()
    return int(row[0])


def hex_id(ident: int) -> str:
    return f"{ident:016x}"


def parse_id(text: str) -> int:
    """The number behind an API id, or behind the add-on's `msg-f:` and `thread-f:` forms.

    >>> parse_id("msg-f:255") == parse_id("00000000000000ff") == 255
    True
    """
    prefix, colon, decimal = text.partition(":")
    if colon and prefix in {"msg-f", "thread-f"} and decimal.isdigit():
        return int(decimal)
    if HEX_ID.fullmatch(text.lower()) is None:
        raise UnknownIdError(text)
    value = int(text, 16)
    return value if value < 1 << 63 else -1


def next_history_id(db: sqlite3.Connection, mailbox: str) -> int:
    """Move the mailbox's history on by a step that is not always one."""
    row = db.execute("SELECT history FROM person WHERE email = ?", (mailbox,)).fetchone()
    current = int(row["history"])
    value = current + 1 + (current * 2654435761 >> 7) % 37
    db.execute("UPDATE person SET history = ? WHERE email = ?", (f"{value:020d}", mailbox))
    return value
