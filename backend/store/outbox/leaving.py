"""Records that a message has left: one statement, whatever its state before.

It stores Gmail's ids, counts the departure, writes the event, and deletes the bytes of its files,
which are in SENT mail now. Sync may have been faster; then it only adds what sync could not know.
"""

from datetime import datetime
from typing import NamedTuple

from backend.domain.ids import PendingId
from backend.store.statements import Asked, Statement

LEFT = Statement(
    """
    WITH was AS (
      SELECT id, workspace_id, mailbox_id, state, thread_id FROM pending_messages
       WHERE id = %(id)s FOR UPDATE
    ), noted AS (
      UPDATE pending_messages AS p
         SET state = 'sent', reason = NULL, reason_details = '{}',
             sent_gmail_id = %(gmail_id)s, sent_thread_id = %(thread_id)s,
             sent_at = coalesce(p.sent_at, %(left_at)s),
             lease_until = NULL, mime = NULL, last_error = NULL
        FROM was WHERE p.id = was.id
    ), counted AS (
      INSERT INTO departures (workspace_id, mailbox_id, gmail_id, left_at)
      SELECT workspace_id, mailbox_id, %(gmail_id)s, %(left_at)s FROM was
      ON CONFLICT DO NOTHING
    ), emptied AS (
      UPDATE pending_files SET data = NULL WHERE pending_id = %(id)s AND data IS NOT NULL
    ), proven AS (
      INSERT INTO pending_events (workspace_id, pending_id, happened_at, state, detail)
      SELECT workspace_id, id, %(now)s, 'sent', NULL FROM was WHERE state <> 'sent'
      UNION ALL
      SELECT workspace_id, id, %(now)s, 'sent', 'Gmail put it into a new thread' FROM was
       WHERE thread_id <> %(thread_id)s
    )
    SELECT id FROM was
    """
)


class Departed(NamedTuple):
    """A message that left: Gmail's ids, and when."""

    gmail_id: str
    thread_id: str
    left_at: datetime


def left(pending_id: PendingId, departed: Departed, *, now: datetime) -> Asked:
    """The statement that records a departure. Returns the message's id, or None when it has
    gone.
    """
    return LEFT, {"id": pending_id, **departed._asdict(), "now": now}
