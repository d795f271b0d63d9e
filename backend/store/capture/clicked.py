"""What was decided about a message before somebody clicked, so that an undo can put it back.

The audit log keeps it with the click: codes and keyed hashes, nothing readable.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.ids import MessageId
from backend.domain.reasons import Reason
from backend.store.capture.place import Captured, Place
from backend.store.models import AuditEntry, Decision

LOGGED = "message.logged"
FIELDS = ("outcome", "reason", "rule", "path")


def rows(
    place: Place, captured: Sequence[Captured], earlier: Mapping[str, Mapping[str, str | int]]
) -> list[dict[str, Any]]:
    """The audit log's rows: who logged new messages by a click, and what had been decided about
    them before.
    """
    if not place.clicked:
        return []
    return [
        {
            "workspace_id": place.workspace_id,
            "actor_id": place.member,
            "action": LOGGED,
            "subject": _subject(one.filed.message_id),
            "detail": earlier.get(one.gmail_id, {}),
            "happened_at": place.now,
        }
        for one in captured
        if one.filed is not None and one.filed.new
    ]


def restore_decisions(session: Session, message_id: MessageId) -> None:
    """Have the decisions on the message be what they were before the clicks: the one that was noted
    comes back, those that only clicks made go.
    """
    earlier = _put_back_noted(session, message_id)
    undone = delete(Decision).where(Decision.message_id == message_id, Decision.path == "click")
    if earlier:
        undone = undone.where(Decision.gmail_id != earlier["gmail_id"])
    session.execute(undone)


def end_decisions(session: Session, message_id: MessageId, now: datetime) -> None:
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
            decided_at=now,
        )
    )


def _put_back_noted(session: Session, message_id: MessageId) -> Mapping[str, Any]:
    """Put back what had been decided before the click. Returns it; empty when nothing had."""
    earlier = _noted(session, message_id)
    if "outcome" not in earlier:
        return {}
    deciding = earlier.get("deciding_hash")
    session.execute(
        update(Decision)
        .where(
            Decision.mailbox_id == earlier["mailbox_id"],
            Decision.gmail_id == earlier["gmail_id"],
        )
        .values(
            **{name: earlier[name] for name in FIELDS},
            decided_at=datetime.fromisoformat(earlier["decided_at"]),
            deciding_hash=bytes.fromhex(deciding) if deciding else None,
            deciding_address=None,
            message_id=None,
        )
    )
    return earlier


def _noted(session: Session, message_id: MessageId) -> Mapping[str, Any]:
    query = (
        select(AuditEntry.detail)
        .where(AuditEntry.action == LOGGED, AuditEntry.subject == _subject(message_id))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return session.scalar(query) or {}


def _subject(message_id: MessageId) -> str:
    return f"message:{message_id}"
