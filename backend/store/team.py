"""Team members: who signs in, and as whom the add-on's caller is known."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.ids import MemberId, WorkspaceId
from backend.store.models import TeamMember


def actor_of(member: TeamMember) -> Actor:
    """The member as an actor."""
    return Actor(
        workspace_id=WorkspaceId(member.workspace_id),
        member_id=MemberId(member.id),
        email=member.email,
        name=member.name,
        role=member.role,
        time_zone=member.time_zone,
    )


def by_identity(session: Session, *, sub: str, email_key: str) -> Sequence[TeamMember]:
    """Active members with this Google identity, or this address and no identity yet."""
    same_person = (TeamMember.google_sub == sub) | (
        (TeamMember.email_key == email_key) & TeamMember.google_sub.is_(None)
    )
    query = (
        select(TeamMember)
        .where(same_person, TeamMember.deactivated_at.is_(None))
        .order_by(TeamMember.google_sub.is_(None), TeamMember.id)
    )
    return session.scalars(query).all()


def by_address(session: Session, email_key: str) -> TeamMember | None:
    """The active member with this address, the oldest when several workspaces have one."""
    query = select(TeamMember).where(
        TeamMember.email_key == email_key, TeamMember.deactivated_at.is_(None)
    )
    return session.scalars(query.order_by(TeamMember.id)).first()


def by_id(session: Session, member_id: MemberId) -> TeamMember | None:
    """One active member of the session's workspace."""
    member = session.get(TeamMember, member_id)
    return member if member and member.deactivated_at is None else None


def remember_sub(session: Session, member_id: int, sub: str) -> None:
    """Bind a member to a Google identity, once."""
    session.execute(
        update(TeamMember)
        .where(TeamMember.id == member_id, TeamMember.google_sub.is_(None))
        .values(google_sub=sub)
    )


def members(session: Session) -> Sequence[TeamMember]:
    """Everybody of the workspace, by name. A workspace has few enough to list."""
    return session.scalars(select(TeamMember).order_by(func.lower(TeamMember.name))).all()


def count_active(session: Session, now: datetime) -> int:
    """How many members may sign in at `now`."""
    gone = TeamMember.deactivated_at <= now
    query = select(func.count()).select_from(TeamMember).where(gone.is_not(True))
    return session.scalar(query) or 0
