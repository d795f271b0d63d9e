"""Who is acting: the signed-in team member, as every service verb receives it."""

from dataclasses import dataclass

from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.roles import Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A team member in a workspace. `time_zone` is an IANA name."""

    workspace_id: WorkspaceId
    member_id: MemberId
    email: str
    name: str
    role: Role
    time_zone: str
