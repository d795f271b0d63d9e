"""Team members as rows to be changed: active or not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.roles import Role
from backend.store.models import TeamMember


def by_id(session: Session, member_id: MemberId) -> TeamMember | None:
    """One member, active or not."""
    return session.get(TeamMember, member_id)


def by_email(session: Session, key: str) -> TeamMember | None:
    """The member with this address."""
    return session.scalars(select(TeamMember).where(TeamMember.email_key == key)).one_or_none()


def other_admins(session: Session, member_id: MemberId) -> int:
    """How many active admins there are besides this member; they are held until the commit."""
    query = (
        select(TeamMember.id)
        .where(
            TeamMember.role == Role.ADMIN.value,
            TeamMember.deactivated_at.is_(None),
            TeamMember.id != member_id,
        )
        .with_for_update()
    )
    return len(session.scalars(query).all())
