"""Who is acting: the signed-in team member, as every service verb receives it."""

from dataclasses import dataclass

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.roles import Role
from backend.errors import RapportError


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A team member in a workspace. `time_zone` is an IANA name. `behind` is the admin who is
    logged in as this member, with their name, if anybody is (D-34).
    """

    workspace_id: WorkspaceId
    member_id: MemberId
    email: str
    name: str
    role: Role
    time_zone: str
    behind: MemberId | None = None
    behind_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Membership:
    """What of an active member an actor remembers."""

    email: str
    name: str
    role: Role
    time_zone: str


class ActorChanged(RapportError):
    """The member changed, or is gone, since the actor was read. Look them up again."""


def require_same(actor: Actor, member: Membership | None) -> None:
    """An edge may remember its actors; what the store says now counts. Raises ActorChanged."""
    known = Membership(
        email=actor.email, name=actor.name, role=actor.role, time_zone=actor.time_zone
    )
    if member != known:
        raise ActorChanged("Your membership changed. Open the email again.")
