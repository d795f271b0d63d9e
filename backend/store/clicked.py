"""What was decided about a message before somebody clicked, so that an undo can put it back.

The audit log keeps it with the click: codes and keyed hashes, nothing readable.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.capture_outcome import Rule
from backend.domain.ids import MailboxId, MessageId
from backend.domain.reasons import Reason
from backend.store import audit
from backend.store.models import AuditEntry, Decision

LOGGED = "message.logged"
FIELDS = ("outcome", "reason", "rule", "path")


def earlier_decision(
    session: Session, mailbox_id: MailboxId, gmail_id: str
) -> Mapping[str, str | int]:
    """The decision about a copy as it stands; empty when there is none."""
    row = session.get(Decision, (mailbox_id, gmail_id))
    if row is None:
        return {}
    found: dict[str, str | int] = {name: getattr(row, name) for name in FIELDS}
    if row.deciding_hash:
        found["deciding_hash"] = row.deciding_hash.hex()
    return found | {
        "mailbox_id": mailbox_id,
        "gmail_id": gmail_id,
        "decided_at": row.decided_at.isoformat(),
    }


def note_click(
    session: Session,
    actor: Actor,
    message_id: MessageId,
    earlier: Mapping[str, str | int],
    now: datetime,
) -> None:
    """Remember who logged a new message by a click, and what had been decided about it before."""
    audit.note(session, actor, LOGGED, _subject(message_id), now=now, detail=earlier)


def restore_decision(session: Session, message_id: MessageId, now: datetime) -> None:
    """Put back what had been decided before the click; without that, say that it was taken out."""
    earlier = _noted(session, message_id)
    if "outcome" in earlier:
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
    session.execute(
        update(Decision)
        .where(Decision.message_id == message_id)
        .values(
            outcome="skipped",
            reason=Reason.UNLOGGED.value,
            rule=Rule.PERSON.value,
            deciding_address=None,
            message_id=None,
            decided_at=now,
        )
    )


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
