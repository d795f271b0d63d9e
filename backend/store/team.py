"""Team members by identity: at sign-in, and as the caller of the add-on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import MemberLine
from backend.errors import NotFound
from backend.store.models import Mailbox, TeamMember, Workspace


def actor_of(member: TeamMember) -> Actor:
    """The member as an actor."""
    return Actor(
        workspace_id=member.workspace_id,
        member_id=member.id,
        email=member.email,
        name=member.name,
        role=member.role,
        time_zone=member.time_zone,
    )


@dataclass(frozen=True)
class Place:
    """A membership with its workspace's name. `has_mailbox`: the person's own Gmail is connected
    there.
    """

    member: TeamMember
    workspace: str
    has_mailbox: bool


def places_of(session: Session, *, sub: str, email_key: str) -> Sequence[Place]:
    """The active memberships of a Google identity, one per workspace, last entered first. Global.

    A member without an identity yet was named by the operator and is found by address.
    """
    has_mailbox = (
        select(Mailbox.id)
        .where(
            Mailbox.google_sub == sub,
            Mailbox.workspace_id == TeamMember.workspace_id,
            Mailbox.connected_at.is_not(None),
            Mailbox.disconnected_at.is_(None),
        )
        .exists()
    )
    query = (
        select(TeamMember, Workspace.name, has_mailbox)
        .join(Workspace, Workspace.id == TeamMember.workspace_id)
        .where(is_person(sub, email_key), TeamMember.deactivated_at.is_(None))
        .order_by(
            TeamMember.google_sub.is_(None),
            TeamMember.entered_at.desc().nulls_last(),
            TeamMember.id,
        )
    )
    places: dict[int, Place] = {}
    for member, workspace, connected in session.execute(query):
        places.setdefault(member.workspace_id, Place(member, workspace, connected))
    return list(places.values())


def is_person(sub: str, email_key: str) -> ColumnElement[bool]:
    """Whether a member is this Google identity, or has its address and no identity yet."""
    return (TeamMember.google_sub == sub) | (
        (TeamMember.email_key == email_key) & TeamMember.google_sub.is_(None)
    )


def with_other_account(
    session: Session, *, sub: str, email_key: str
) -> Sequence[tuple[int, int, str]]:
    """The members with this address under another Google account: workspace, member, and the
    workspace's name. Global.
    """
    query = (
        select(TeamMember.workspace_id, TeamMember.id, Workspace.name)
        .join(Workspace, Workspace.id == TeamMember.workspace_id)
        .where(
            TeamMember.email_key == email_key,
            TeamMember.google_sub != sub,
            TeamMember.address_ended_at.is_(None),
        )
        .order_by(TeamMember.id)
    )
    return [
        (workspace_id, member_id, name) for workspace_id, member_id, name in session.execute(query)
    ]


def by_address(session: Session, email_key: str) -> Sequence[tuple[TeamMember, str]]:
    """The active members with this address and their workspaces' names, the oldest first."""
    query = (
        select(TeamMember, Workspace.name)
        .join(Workspace, Workspace.id == TeamMember.workspace_id)
        .where(TeamMember.email_key == email_key, TeamMember.deactivated_at.is_(None))
        .order_by(TeamMember.id)
    )
    return [(member, name) for member, name in session.execute(query)]


def by_id(session: Session, member_id: MemberId) -> TeamMember | None:
    """One active member of the session's workspace."""
    member = session.get(TeamMember, member_id)
    return member if member and member.deactivated_at is None else None


def themselves(session: Session, actor: Actor) -> TeamMember:
    """The actor's own row. Raises NotFound once they have left."""
    member = by_id(session, actor.member_id)
    if member is None:
        raise NotFound("Your access to this workspace has ended.")
    return member


def remember_sub(session: Session, member_id: MemberId, sub: str) -> None:
    """Bind a member to a Google identity, once."""
    session.execute(
        update(TeamMember)
        .where(TeamMember.id == member_id, TeamMember.google_sub.is_(None))
        .values(google_sub=sub)
    )


def members(session: Session) -> Sequence[TeamMember]:
    """Everybody in the workspace, by name. A workspace has few enough to list."""
    return session.scalars(select(TeamMember).order_by(func.lower(TeamMember.name))).all()


def count_active(session: Session, now: datetime) -> int:
    """How many members may sign in at `now`."""
    gone = TeamMember.deactivated_at <= now
    query = select(func.count()).select_from(TeamMember).where(gone.is_not(True))
    return session.scalar(query) or 0


def members_by_id(session: Session, member_ids: Sequence[MemberId]) -> Mapping[int, TeamMember]:
    """A few team members, whether active or not."""
    if not member_ids:
        return {}
    rows = session.scalars(select(TeamMember).where(TeamMember.id.in_(set(member_ids))))
    return {member.id: member for member in rows}


def member_line(row: TeamMember) -> MemberLine:
    """A team member by name."""
    return MemberLine(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        deactivated=row.deactivated_at is not None,
        claimed_at=row.claimed_at,
        address_ended=row.address_ended_at is not None,
    )


def member_of(members: Mapping[int, TeamMember], member_id: MemberId | None) -> MemberLine | None:
    """One of a few members by name, if there is one."""
    found = members.get(member_id) if member_id is not None else None
    return member_line(found) if found else None
