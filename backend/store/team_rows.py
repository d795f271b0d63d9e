"""Team members as rows to change: active or not, and new ones."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.people.roles import Role
from backend.store import capture_addresses
from backend.store.capture_addresses import Owner
from backend.store.models import TeamMember
from backend.store.team import is_person


def by_id(session: Session, member_id: MemberId) -> TeamMember | None:
    """One member, active or not."""
    return session.get(TeamMember, member_id)


def by_email(session: Session, key: str) -> TeamMember | None:
    """The member with this address."""
    return next(iter(by_emails(session, [key])), None)


def by_emails(session: Session, keys: Collection[str]) -> Sequence[TeamMember]:
    """The members with these addresses, active or not."""
    query = select(TeamMember).where(
        TeamMember.email_key.in_(keys), TeamMember.address_ended_at.is_(None)
    )
    return session.scalars(query).all()


def of_identity(
    session: Session, *, sub: str, email_key: str, for_update: bool = False
) -> Sequence[TeamMember]:
    """The rows of a Google identity in this workspace, active or not, the bound one first."""
    query = select(TeamMember).where(is_person(sub, email_key))
    query = query.order_by(TeamMember.google_sub.is_(None), TeamMember.id)
    return session.scalars(query.with_for_update() if for_update else query).all()


def other_admins(session: Session, member_id: MemberId) -> int:
    """How many active admins there are besides this member, locked until the commit."""
    query = (
        select(TeamMember.id)
        .where(
            TeamMember.role == Role.ADMIN,
            TeamMember.deactivated_at.is_(None),
            TeamMember.id != member_id,
        )
        .with_for_update()
    )
    return len(session.scalars(query).all())


def newcomer(
    workspace_id: WorkspaceId, *, email: str, role: str, time_zone: str, now: datetime
) -> TeamMember:
    """A member of whom only the address is known; Google provides the name at the first sign-in."""
    return TeamMember(
        workspace_id=workspace_id,
        email=email,
        email_key=address_key(email),
        name=email,
        role=role,
        time_zone=time_zone,
        created_at=now,
    )


def add(session: Session, member: TeamMember, random_bytes: Callable[[int], bytes]) -> TeamMember:
    """Insert a member, with a Smart BCC address of their own."""
    session.add(member)
    session.flush()
    capture_addresses.draw(
        session,
        member.workspace_id,
        Owner(member_id=member.id),
        random_bytes=random_bytes,
        now=member.created_at,
    )
    return member
