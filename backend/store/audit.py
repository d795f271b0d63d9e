"""The audit log: who did what to which thing. Codes and ids only."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.people.actor import Actor
from backend.store.models import AuditEntry


def note(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    now: datetime,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Insert one entry. `subject` names the thing, like "mailbox:7"."""
    session.add(
        AuditEntry(
            workspace_id=actor.workspace_id,
            actor_id=actor.member_id,
            behind_id=actor.behind,
            action=action,
            subject=subject,
            detail=dict(detail or {}),
            happened_at=now,
        )
    )


def note_by_rule(
    session: Session, workspace_id: WorkspaceId, action: str, subject: str, now: datetime
) -> None:
    """The same for a rule's action on incoming mail, without an actor."""
    session.add(
        AuditEntry(
            workspace_id=workspace_id,
            actor_id=None,
            action=action,
            subject=subject,
            detail={},
            happened_at=now,
        )
    )
