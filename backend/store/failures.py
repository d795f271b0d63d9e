"""What is kept of undelivered mail, as people are shown it: by address, by mail, and newly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId, PendingId
from backend.domain.sending.delivery_report import Outcome, could_not
from backend.store.models import Bounce, Message

LATEST = """
SELECT b.{0} FROM bounces b
 WHERE b.key = {1} AND b.counts
   AND NOT EXISTS (SELECT FROM suppressions s WHERE s.key = b.key AND s.lifted_at >= b.happened_at)
 ORDER BY b.happened_at DESC, b.id DESC LIMIT 1
"""
OF_KEYS = text(f"""
SELECT b.* FROM unnest(CAST(:keys AS text[])) k
  JOIN LATERAL ({LATEST.format("*", "k")}) b ON true
""")  # noqa: S608 - only our own text is put together
"""The last failure of each address, unless a person has lifted what followed from it."""

NEWLY = text("""
SELECT b.key, b.address, b.outcome, b.diagnostic, b.happened_at,
       (SELECT m.conversation_id FROM messages m
         WHERE m.id = coalesce(b.message_id, b.report_id)) AS conversation_id,
       c.id AS contact_id, c.name, x.account_id, n.name AS account_name
  FROM (SELECT * FROM bounces
         WHERE happened_at > :since AND outcome <> 'delayed'
         ORDER BY happened_at DESC LIMIT :looked_at) b
  LEFT JOIN LATERAL (
    SELECT c.* FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
     WHERE a.key = b.key ORDER BY a.preferred_at DESC NULLS LAST, c.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (
    SELECT x.account_id FROM account_contacts x
     WHERE x.contact_id = c.id ORDER BY x.since, x.account_id LIMIT 1) x ON true
  LEFT JOIN accounts n ON n.id = x.account_id
 WHERE NOT EXISTS (SELECT FROM suppressions s
                    WHERE s.key = b.key AND s.lifted_at >= b.happened_at)
   AND (c.last_reply_at IS NULL OR c.last_reply_at < b.happened_at)
   AND (c.assigned_to = :member OR n.csm_id = :member OR n.ae_id = :member
        OR EXISTS (SELECT FROM pending_messages p JOIN mailboxes o ON o.id = p.mailbox_id
                    WHERE p.id = b.pending_id AND o.owner_id = :member)
        OR EXISTS (SELECT FROM message_copies y JOIN mailboxes o ON o.id = y.mailbox_id
                    WHERE y.message_id = b.message_id AND 'SENT' = ANY(y.labels)
                      AND o.owner_id = :member))
 ORDER BY b.happened_at DESC
""")
LOOKED_AT = 500
"""The newest failures of a workspace among which one member's are looked for."""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """One address that a mail did not reach."""

    key: str
    address: str
    outcome: Outcome
    diagnostic: str
    at: datetime

    @property
    def sentence(self) -> str:
        """What became of the mail, as one sentence without its full stop."""
        return could_not(self.address, self.outcome, self.diagnostic)


@dataclass(frozen=True, kw_only=True)
class NewlyFailed:
    """The same with whom it concerns, as far as they are known."""

    failed: Failed
    name: str | None
    contact_id: ContactId | None
    account_id: AccountId | None
    account_name: str | None
    conversation_id: ConversationId | None


def of_keys(session: Session, keys: Iterable[str]) -> Mapping[str, Failed]:
    """The last failure of each of these addresses that still stands."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    return {row.key: _failed(row) for row in session.execute(OF_KEYS, {"keys": wanted})}


def of_messages(session: Session, rows: Sequence[Message]) -> Mapping[int, list[Failed]]:
    """Whom these messages did not reach, by the message."""
    by_send = {row.send_id: row.id for row in rows if row.send_id and row.outgoing}
    ids = [row.id for row in rows if row.outgoing]
    found: dict[int, list[Failed]] = defaultdict(list)
    if not ids:
        return found
    query = select(Bounce).where(
        or_(Bounce.message_id.in_(ids), Bounce.pending_id.in_(list(by_send)))
    )
    for row in session.scalars(query.order_by(Bounce.happened_at, Bounce.id)):
        place = by_send.get(row.pending_id) if row.pending_id else None
        found[place or row.message_id or 0].append(_failed(row))
    return found


def of_pending(session: Session, ids: Sequence[PendingId]) -> Mapping[PendingId, list[Failed]]:
    """Whom mail that was queued here did not reach, by the mail."""
    query = select(Bounce).where(Bounce.pending_id.in_(list(ids)))
    found: dict[PendingId, list[Failed]] = defaultdict(list)
    for row in session.scalars(query.order_by(Bounce.happened_at, Bounce.id)):
        if row.pending_id is not None:
            found[row.pending_id].append(_failed(row))
    return found


def newly(
    session: Session, member_id: MemberId, *, since: datetime, most: int
) -> list[NewlyFailed]:
    """Addresses that mail of the member did not reach, or mail to people of the member; each once,
    the newest first, until the address writes or a person says that it works.
    """
    values = {"member": member_id, "since": since, "looked_at": LOOKED_AT}
    found: dict[str, NewlyFailed] = {}
    for row in session.execute(NEWLY, values):
        found.setdefault(
            row.key,
            NewlyFailed(
                failed=_failed(row),
                name=row.name,
                contact_id=row.contact_id,
                account_id=row.account_id,
                account_name=row.account_name,
                conversation_id=row.conversation_id,
            ),
        )
    return list(found.values())[:most]


def _failed(row: Any) -> Failed:
    return Failed(
        key=row.key,
        address=row.address,
        outcome=Outcome(row.outcome),
        diagnostic=row.diagnostic,
        at=row.happened_at,
    )
