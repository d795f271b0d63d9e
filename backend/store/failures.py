"""Undelivered mail as people see it: by address and by message."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import PendingId
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
"""The last failure of each address, unless a person lifted its suppression."""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """One address that a message did not reach."""

    key: str
    address: str
    outcome: Outcome
    diagnostic: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The outcome, as one sentence without its full stop."""
        return could_not(self.address, self.outcome, self.diagnostic)


def of_keys(session: Session, keys: Iterable[str]) -> Mapping[str, Failed]:
    """The last failure of each of these addresses that is still in force."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    return {row.key: failed_of(row) for row in session.execute(OF_KEYS, {"keys": wanted})}


def of_messages(session: Session, rows: Sequence[Message]) -> Mapping[int, list[Failed]]:
    """Whom these messages did not reach, by message."""
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
        found[place or row.message_id or 0].append(failed_of(row))
    return found


def of_pending(session: Session, ids: Sequence[PendingId]) -> Mapping[PendingId, list[Failed]]:
    """Whom messages queued here did not reach, by message."""
    query = select(Bounce).where(Bounce.pending_id.in_(list(ids)))
    found: dict[PendingId, list[Failed]] = defaultdict(list)
    for row in session.scalars(query.order_by(Bounce.happened_at, Bounce.id)):
        if row.pending_id is not None:
            found[row.pending_id].append(failed_of(row))
    return found


def failed_of(row: Any) -> Failed:
    """One row of `bounces`."""
    return Failed(
        key=row.key,
        address=row.address,
        outcome=Outcome(row.outcome),
        diagnostic=row.diagnostic,
        at=row.happened_at,
    )
