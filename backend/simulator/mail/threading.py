"""Into which thread of a mailbox a mail belongs: it must cite the thread and keep its subject."""

import sqlite3
from collections.abc import Sequence

from backend.simulator.mail.digest import Digest

FULL_THREAD = 100  # Gmail opens another thread after about a hundred messages


def thread_for(db: sqlite3.Connection, mailbox: str, seen: Digest) -> int | None:
    """The thread that an arriving mail continues, or None."""
    for thread, subject_key in _cited_threads(db, mailbox, seen.cited):
        if subject_key == seen.subject_key and not _is_full(db, mailbox, thread):
            return thread
    return None


def cited_thread(db: sqlite3.Connection, mailbox: str, seen: Digest) -> int | None:
    """The thread of the mail it is about, whatever its subject: where delivery reports go."""
    cited = _cited_threads(db, mailbox, seen.cited)
    return cited[0][0] if cited else None


def fits(db: sqlite3.Connection, mailbox: str, seen: Digest, *, thread: int) -> bool:
    """Whether a mail sent with this threadId really goes there. Gmail says nothing when not."""
    cited = _cited_threads(db, mailbox, seen.cited)
    return (thread, seen.subject_key) in cited and not _is_full(db, mailbox, thread)


def exists(db: sqlite3.Connection, mailbox: str, thread: int) -> bool:
    return _size(db, mailbox, thread) > 0


def _cited_threads(
    db: sqlite3.Connection, mailbox: str, cited: Sequence[str]
) -> list[tuple[int, str]]:
    """(thread, subject) of the cited messages, the directly answered one first."""
    found: list[tuple[int, str]] = []
    for rfc_id in dict.fromkeys([*cited[:1], *reversed(cited)]):
        rows = db.execute(
            "SELECT thread, subject_key FROM message WHERE mailbox = ? AND rfc_id = ?",
            (mailbox, rfc_id),
        )
        found += [(row["thread"], row["subject_key"]) for row in rows]
    return found


def _is_full(db: sqlite3.Connection, mailbox: str, thread: int) -> bool:
    return _size(db, mailbox, thread) >= FULL_THREAD


def _size(db: sqlite3.Connection, mailbox: str, thread: int) -> int:
    row = db.execute(
        "SELECT count(*) FROM message WHERE mailbox = ? AND thread = ?", (mailbox, thread)
    ).fetchone()
    return int(row[0])
