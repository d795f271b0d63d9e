"""The claim: one statement that makes a message `sending`, or finds that it must not be.

Everything is checked in the statement itself: the message is as it was decided (its version), still
waits, and the mailbox still works and is ours to send from. The event is written with it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from backend.domain.ids import PendingId, WorkspaceId
from backend.store.mailboxes import WORKING
from backend.store.session import Store
from backend.store.statements import optional, sql

IN_DOUBT_AFTER = timedelta(minutes=3)
"""Longer than one POST may take: a message still `sending` then is looked for in SENT mail."""

CLAIM = optional(sql("claim_mail"), int)


class Claim(NamedTuple):
    """The message as it was decided, by whom, and the bytes to send."""

    id: PendingId
    version: int
    owner: str
    mime: bytes
    thread_id: str | None


def claim(store: Store, workspace_id: WorkspaceId, wanted: Claim, now: datetime) -> int | None:
    """The number of the attempt, durable; or None when the mail must be decided again."""
    asked = CLAIM.bind(
        **wanted._asdict(), now=now, until=now + IN_DOUBT_AFTER, working=list(WORKING)
    )
    return store.write(workspace_id, asked)
