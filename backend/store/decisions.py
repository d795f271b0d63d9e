"""Decision rows outside filing: those on unread mail, and what clicks and their undo do to them.

With a click, the audit log keeps the decision before it, so that an undo can restore it: codes and
keyed hashes, nothing readable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.ids import MailboxId, MessageId
from backend.domain.incoming import Incoming, Where
from backend.domain.reasons import Reason
from backend.store.bulk import write_rows
from backend.store.models import AuditEntry, Decision

DECIDED = (
    *("outcome", "reason", "rule", "path", "message_id"),
    *("deciding_address", "deciding_hash", "decided_at"),
)
LEARNED = ("rfc_hash", "internal_at")
"""Columns unknown for a message left out unread, such as spam; they never change."""

DECIDE_AGAIN = "ON CONFLICT (mailbox_id, gmail_id) DO UPDATE SET " + ", ".join(
    [f"{column} = excluded.{column}" for column in DECIDED]
    + [f"{column} = coalesce(excluded.{column}, decisions.{column})" for column in LEARNED]
)

LOGGED = "message.logged"


def note(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Write decisions on messages that were not filed; a later one about the same copy replaces the
    earlier one.
    """
    if rows:
        write_rows(session, Decision, rows, DECIDE_AGAIN)


def click_rows(
    where: Where, mails: Sequence[Incoming], earlier: Mapping[str, Mapping[str, str | int]]
) -> list[dict[str, object]]:
    """The audit log's rows: who logged new messages by a click, and what had been decided about
    them before.
    """
    if not where.clicked:
        return []
    return [
        {
            "workspace_id": where.workspace_id,
            "actor_id": where.member,
            "action": LOGGED,
            "subject": _subject(one.message_id),
            "detail": earlier.get(one.gmail_id, {}),
            "happened_at": where.now,
        }
        for one in mails
        if one.new
    ]


def restore_decisions(session: Session, message_id: MessageId) -> None:
    """Restore the decisions on the message from before the clicks: the recorded one comes back,
    those that only clicks made are deleted.
    """
    earlier = _put_back_noted(session, message_id)
    undone = delete(Decision).where(Decision.message_id == message_id, Decision.path == "click")
    if earlier:
        undone = undone.where(Decision.gmail_id != earlier.gmail_id)
    session.execute(undone)


def end_decisions(
    session: Session, message_id: MessageId, unlogged_hash: bytes, now: datetime
) -> None:
    """A person took the message out for good: no later path brings it back."""
    _put_back_noted(session, message_id)
    session.execute(
        update(Decision)
        .where(Decision.message_id == message_id)
        .values(
            outcome="skipped",
            reason=Reason.UNLOGGED,
            rule=Rule.PERSON,
            deciding_address=None,
            message_id=None,
            unlogged_hash=unlogged_hash,
            decided_at=now,
        )
    )


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What had been decided about a copy before somebody clicked. The hash is in hexadecimal."""

    mailbox_id: MailboxId
    gmail_id: str
    outcome: str
    reason: str
    rule: str
    path: str
    decided_at: datetime
    deciding_hash: str | None = None


def _put_back_noted(session: Session, message_id: MessageId) -> Noted | None:
    """Put back what had been decided before the click. Returns it, if anything had."""
    earlier = _noted(session, message_id)
    if earlier is None:
        return None
    session.execute(
        update(Decision)
        .where(Decision.mailbox_id == earlier.mailbox_id, Decision.gmail_id == earlier.gmail_id)
        .values(
            outcome=earlier.outcome,
            reason=earlier.reason,
            rule=earlier.rule,
            path=earlier.path,
            decided_at=earlier.decided_at,
            deciding_hash=bytes.fromhex(earlier.deciding_hash) if earlier.deciding_hash else None,
            deciding_address=None,
            message_id=None,
        )
    )
    return earlier


def _noted(session: Session, message_id: MessageId) -> Noted | None:
    query = (
        select(AuditEntry.detail)
        .where(AuditEntry.action == LOGGED, AuditEntry.subject == _subject(message_id))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    detail = session.scalar(query)
    return msgspec.convert(detail, Noted) if detail and "outcome" in detail else None


def _subject(message_id: MessageId) -> str:
    return f"message:{message_id}"
