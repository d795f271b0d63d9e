"""Invitations: open ones, and how they ended."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.people.invitations import Ending
from backend.store.models import Invitation, TeamMember, Workspace

MOST_SHOWN = 500
SHOWN_FOR = timedelta(days=30)
"""How long a declined invitation is shown to the team."""

Asked = tuple[Invitation, str, str | None]
"""An invitation with its workspace's name and its sender's."""


def waiting_for(session: Session, email_key: str, now: datetime) -> Sequence[Asked]:
    """The invitations an address may accept, over all workspaces, newest first. Global."""
    query = (
        select(Invitation, Workspace.name, TeamMember.name)
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .outerjoin(TeamMember, TeamMember.id == Invitation.invited_by)
        .where(
            Invitation.email_key == email_key,
            Invitation.ended_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row, workspace, sender) for row, workspace, sender in session.execute(query)]


def workspace_of(session: Session, invitation_id: int) -> WorkspaceId | None:
    """The workspace of an invitation. Global."""
    query = select(Invitation.workspace_id).where(Invitation.id == invitation_id)
    return session.scalar(query)


def add(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Insert invitations; an address that a colleague has just invited is skipped."""
    session.execute(insert(Invitation).on_conflict_do_nothing(), rows)


def lock(session: Session, invitation_id: int) -> Invitation | None:
    """One invitation, locked until the end of the transaction."""
    query = select(Invitation).where(Invitation.id == invitation_id)
    return session.scalars(query.with_for_update()).one_or_none()


def waiting_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these addresses are invited to the session's workspace already."""
    query = select(Invitation.email_key).where(
        Invitation.email_key.in_(keys), Invitation.ended_at.is_(None)
    )
    return set(session.scalars(query))


def count_waiting(session: Session, now: datetime) -> int:
    """How many of the workspace's invitations may still be accepted."""
    query = select(func.count()).where(Invitation.ended_at.is_(None), Invitation.expires_at > now)
    return session.scalar(query) or 0


def to_show(session: Session, now: datetime) -> Sequence[tuple[Invitation, str | None]]:
    """Open invitations and recently declined ones, newest first, each with who sent it."""
    declined = (Invitation.ended_how == Ending.DECLINED) & (Invitation.ended_at > now - SHOWN_FOR)
    query = (
        select(Invitation, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == Invitation.invited_by)
        .where(or_(Invitation.ended_at.is_(None), declined))
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row, sender) for row, sender in session.execute(query)]
