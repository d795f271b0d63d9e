"""Members of a workspace and their roles."""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, Role
from backend.errors import Conflict, InputError, NotFound
from backend.services.settings.rights import require
from backend.store import audit, team_rows
from backend.store.models import TeamMember


def change_role(deps: Deps, actor: Actor, *, member_id: MemberId, role: str) -> str:
    """Give a member another role. The last admin stays one. Returns their name."""
    require(actor, Permission.TEAM_MANAGE)
    if role not in set(Role):
        raise InputError("The role was not changed.", {"role": "Choose member, leader or admin."})
    with deps.store.begin(actor.workspace_id) as session:
        member = _member(session, member_id)
        if member.role == Role.ADMIN and role != Role.ADMIN:
            _keep_an_admin(session, member)
        member.role = Role(role)
        audit.note(
            session,
            actor,
            "member.role_changed",
            f"member:{member_id}",
            now=deps.now(),
            detail={"role": role},
        )
        return member.name


def _member(session: Session, member_id: MemberId) -> TeamMember:
    member = team_rows.by_id(session, member_id)
    if member is None:
        raise NotFound("There is no such team member.")
    return member


def _keep_an_admin(session: Session, member: TeamMember) -> None:
    if not team_rows.other_admins(session, member.id):
        raise Conflict(
            f"{member.name} is the only admin. Make somebody else an admin first, so that the "
            "workspace can still be administered."
        )
