"""The claim: one statement that makes a message `sending`, or finds that it must not be.

Everything is checked in the statement itself: the message is as it was decided (its version), still
waits, and the mailbox still works and is ours to send from. The event is written with it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from backend.domain.ids import PendingId, WorkspaceId
from backend.store.mailboxes import WORKING
from backend.store.session import Store
from backend.store.statements import Statement

IN_DOUBT_AFTER = timedelta(minutes=3)
"""Longer than one POST may take: a message still `sending` then is looked for in SENT mail."""

CLAIM = Statement(
    """
    WITH claimed AS (
      UPDATE pending_messages AS p
         SET state = 'sending', reason = NULL, reason_details = '{}', attempts = attempts + 1,
             attempted_at = %(now)s, lease_until = %(until)s, negatives = 0,
             mime = %(mime)s, thread_id = %(thread_id)s, before_cursor = m.cursor
        FROM mailboxes AS m
       WHERE p.id = %(id)s AND p.version = %(version)s AND p.state = 'scheduled'
         AND p.not_before <= %(now)s
         AND m.id = p.mailbox_id AND m.send_lease_owner = %(owner)s
         AND m.sealed_token IS NOT NULL AND m.state = ANY(%(working)s)
      RETURNING p.workspace_id, p.id, p.attempts
    )
    INSERT INTO pending_events (workspace_id, pending_id, happened_at, state, detail)
    SELECT workspace_id, id, %(now)s, 'sending', 'attempt ' || attempts FROM claimed
    RETURNING (SELECT attempts FROM claimed)
    """
)


class Claim(NamedTuple):
    """The message as it was decided, by whom, and the bytes to send."""

    id: PendingId
    version: int
    owner: str
    mime: bytes
    thread_id: str | None


def claim(store: Store, workspace_id: WorkspaceId, wanted: Claim, now: datetime) -> int | None:
    """The number of the attempt, committed; None when the message must be decided again."""
    values = {
        **wanted._asdict(),
        "now": now,
        "until": now + IN_DOUBT_AFTER,
        "working": list(WORKING),
    }
    attempt: int | None = store.write(workspace_id, (CLAIM, values))[0]
    return attempt
