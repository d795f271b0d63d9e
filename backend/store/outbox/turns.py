"""Locks for rewriting the forecasts of a mailbox: one transaction at a time.

Every transaction that replans takes this lock before it locks a pending row; otherwise two people
who change two messages of one mailbox would each wait for the row the other holds. Locks are taken
in one order everywhere: the mailbox's row, this lock, pending rows.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId

LOCK = text("SELECT pg_advisory_xact_lock(:purpose, :id)")
ALL = text(
    """
    SELECT pg_advisory_xact_lock(:purpose, CAST(mailbox_id % 2147483648 AS integer))
      FROM (SELECT DISTINCT mailbox_id FROM pending_messages WHERE state IN ('scheduled', 'held')
             ORDER BY mailbox_id) AS waiting
    """
)
PLANNING, QUEUEING = 4712, 4713
"""Numbers that only name the purpose of a lock."""


def turn_to_plan(session: Session, mailbox_id: MailboxId | int) -> None:
    """Wait until nobody else plans this mailbox; kept until the transaction ends."""
    session.execute(LOCK, {"purpose": PLANNING, "id": mailbox_id % 2**31})


def turn_to_plan_all(session: Session) -> None:
    """The same for every mailbox of the workspace with waiting messages, always in one order."""
    session.execute(ALL, {"purpose": PLANNING})


def turn_to_queue(session: Session, member_id: MemberId) -> None:
    """Wait until no other click of this member is being queued, so that a double click is seen."""
    session.execute(LOCK, {"purpose": QUEUEING, "id": member_id % 2**31})
