"""Who is acting: the signed-in team member, as every service verb receives it."""

from dataclasses import dataclass

from backend.domain.ids import MemberId, WorkspaceId


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A team member in a workspace. `role` is member, leader or admin; `time_zone` an IANA name."""

    workspace_id: WorkspaceId
    member_id: MemberId
    email: str
    name: str
    role: str
    time_zone: str
