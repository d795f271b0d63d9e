"""Mail that was left out because somebody was not a contact then: found again by keyed hashes.

Nothing readable was kept of it, so it can only be counted, and put back on the list of what is to
be fetched, from where it passes the same capture rule as new mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.domain.capture_outcome import Rule
from backend.domain.ids import ContactId, MailboxId
from backend.store.fetching import LATE, PRIORITY

LOOKED_AT = 2_000
"""Newest decisions of each mailbox that a count looks at."""

MOST_MAILBOXES = 50
"""Mailboxes that a count looks at."""

# Hashes are compared row by row: Postgres uses no index for an operator on arrays behind row
# security, since it cannot know that the operator tells nothing of other tenants' rows.
COUNT = text("""
SELECT m.email, count(*) AS count, min(d.internal_at) AS oldest_at, max(d.internal_at) AS newest_at
  FROM (SELECT id, email FROM mailboxes WHERE sealed_token IS NOT NULL ORDER BY id LIMIT :boxes) m
 CROSS JOIN LATERAL (
       SELECT people_hashes, outcome, rule, path, internal_at FROM decisions
        WHERE mailbox_id = m.id ORDER BY gmail_id DESC LIMIT :newest) d
 WHERE d.outcome = 'skipped' AND d.rule = :rule AND d.path <> :late
   AND d.people_hashes && CAST(:hashes AS bytea[])
 GROUP BY m.id, m.email ORDER BY m.id
""")
FETCH_AGAIN = text("""
INSERT INTO to_fetch (workspace_id, mailbox_id, gmail_id, thread_id, path, priority, added_at)
SELECT d.workspace_id, d.mailbox_id, d.gmail_id, '', :late, :priority, :now
  FROM mailboxes m JOIN decisions d ON d.mailbox_id = m.id
 WHERE m.sealed_token IS NOT NULL AND d.outcome = 'skipped' AND d.rule = :rule AND d.path <> :late
   AND d.people_hashes && CAST(:hashes AS bytea[])
ON CONFLICT DO NOTHING
RETURNING mailbox_id
""")
KEYS = text("SELECT key FROM contact_addresses WHERE contact_id = :contact ORDER BY key")


@dataclass(frozen=True)
class LeftOut:
    """What one mailbox saw of somebody before they were a contact."""

    mailbox: str
    count: int
    oldest_at: datetime | None
    newest_at: datetime | None


def address_keys(session: Session, contact_id: ContactId) -> list[str]:
    """The identity keys of a contact's addresses."""
    return list(session.scalars(KEYS, {"contact": contact_id}))


def left_out(session: Session, hashes: Sequence[bytes]) -> list[LeftOut]:
    """How much mail of these people each connected mailbox left out."""
    if not hashes:
        return []
    values = {
        "hashes": list(hashes),
        "rule": Rule.MATCHING.value,
        "late": LATE,
        "newest": LOOKED_AT,
        "boxes": MOST_MAILBOXES,
    }
    return [LeftOut(*row) for row in session.execute(COUNT, values)]


def fetch_again(session: Session, hashes: Sequence[bytes], now: datetime) -> dict[MailboxId, int]:
    """Put all of it on the list to be fetched; how much, by mailbox."""
    if not hashes:
        return {}
    values = {
        "hashes": list(hashes),
        "rule": Rule.MATCHING.value,
        "late": LATE,
        "priority": PRIORITY[LATE],
        "now": now,
    }
    found: dict[MailboxId, int] = {}
    for (mailbox_id,) in session.execute(FETCH_AGAIN, values):
        key = MailboxId(mailbox_id)
        found[key] = found.get(key, 0) + 1
    return found
