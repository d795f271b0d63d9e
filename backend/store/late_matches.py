"""Mail left out because somebody was not a contact yet: found again by keyed hashes.

Nothing readable was kept of it, so it can only be counted, and put back on the list of messages to
fetch, from where it passes the same capture rule as new mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.domain.capture.late_match import COUNTED
from backend.domain.capture.rule import Rule
from backend.domain.ids import ContactId, MailboxId, MemberId
from backend.domain.reasons import Reason
from backend.store.fetching import LATE, PRIORITY

OFFERED = f"""
      FROM left_out_people p
      JOIN decisions d ON d.mailbox_id = p.mailbox_id AND d.gmail_id = p.gmail_id
      JOIN mailboxes m ON m.id = p.mailbox_id
     WHERE d.outcome = 'skipped' AND d.rule IN ('{Rule.MATCHING}', '{Rule.BOUNCE}')
       AND m.sealed_token IS NOT NULL
"""
"""What can still be captured: nobody has logged it meanwhile, and its mailbox can be read."""

READABLE = "(CAST(:reader AS bigint) IS NULL OR m.owner_id = :reader)"
"""Mail that was left out was never shared: it belongs to its mailbox's owner alone. Without a
reader, all of it: for what the workspace's policy captures automatically.
"""

COUNT = text(f"""
SELECT x.email, count(*) AS count, min(x.internal_at) AS oldest_at, max(x.internal_at) AS newest_at
  FROM (SELECT DISTINCT m.id, m.email, d.gmail_id, d.internal_at {OFFERED}
           AND p.person_hash = ANY(:hashes) AND {READABLE} LIMIT :most) x
 GROUP BY x.id, x.email ORDER BY x.id
""")  # noqa: S608 - only our own text is put together
FETCH_AGAIN = text(f"""
WITH found AS (
  SELECT p.person_hash, p.mailbox_id, p.gmail_id {OFFERED}
     AND p.person_hash = ANY(:hashes) AND {READABLE}
     AND (CAST(:reason AS text) IS NULL OR d.reason = :reason)
), taken AS (
  DELETE FROM left_out_people p USING found f
   WHERE p.person_hash = f.person_hash AND p.mailbox_id = f.mailbox_id AND p.gmail_id = f.gmail_id
  RETURNING p.workspace_id, p.mailbox_id, p.gmail_id
)
INSERT INTO to_fetch (workspace_id, mailbox_id, gmail_id, thread_id, path, priority, added_at)
SELECT DISTINCT workspace_id, mailbox_id, gmail_id, '', :late, :priority, CAST(:now AS timestamptz)
  FROM taken
ON CONFLICT DO NOTHING
RETURNING mailbox_id
""")  # noqa: S608
KEYS = text("SELECT key FROM contact_addresses WHERE contact_id = :contact ORDER BY key")


@dataclass(frozen=True)
class LeftOut:
    """How much mail of somebody one mailbox left out before they were a contact."""

    mailbox: str
    count: int
    oldest_at: datetime | None
    newest_at: datetime | None


def address_keys(session: Session, contact_id: ContactId) -> list[str]:
    """The identity keys of a contact's addresses."""
    return list(session.scalars(KEYS, {"contact": contact_id}))


def left_out(session: Session, hashes: Sequence[bytes], reader: MemberId) -> list[LeftOut]:
    """How much mail of these people the reader's connected mailboxes left out, up to a limit."""
    if not hashes:
        return []
    values = {"hashes": list(hashes), "most": COUNTED + 1, "reader": reader}
    return [LeftOut(*row) for row in session.execute(COUNT, values)]


def fetch_again(
    session: Session,
    hashes: Sequence[bytes],
    now: datetime,
    *,
    reader: MemberId | None = None,
    reason: Reason | None = None,
) -> dict[MailboxId, int]:
    """Put on the list to fetch what the reader may read, or all of it without one, and stop
    offering it; limited to one reason, if given. Returns how much, by mailbox.
    """
    if not hashes:
        return {}
    values = {
        "hashes": list(hashes),
        "reason": reason,
        "late": LATE,
        "priority": PRIORITY[LATE],
        "now": now,
        "reader": reader,
    }
    found: dict[MailboxId, int] = {}
    for (mailbox_id,) in session.execute(FETCH_AGAIN, values):
        key = MailboxId(mailbox_id)
        found[key] = found.get(key, 0) + 1
    return found
