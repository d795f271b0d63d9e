"""Records that a message has left: one statement, whatever its state before.

It stores Gmail's ids, counts the departure, writes the event, and deletes the bytes of its files,
which are in SENT mail now. Sync may have been faster; then it only adds what sync could not know.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.domain.ids import PendingId
from backend.store.statements import BoundStatement, optional, sql

LEFT = optional(sql("mail_left"), UUID)


class Departed(NamedTuple):
    """A message that left: Gmail's ids, and when."""

    gmail_id: str
    thread_id: str
    left_at: datetime


def left(
    pending_id: PendingId, departed: Departed, *, now: datetime
) -> BoundStatement[UUID | None]:
    """What writes down that a mail left. Its answer is the mail's id, or None when it is gone."""
    return LEFT.bind(id=pending_id, **departed._asdict(), now=now)
