"""The people of a workspace: who is in it and asked to it, and what each may do."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, Role
from backend.domain.summaries.administration import DomainLine, InvitationLine, TeamView
from backend.errors import Conflict, InputError, NotFound
from backend.services.deps import Deps
from backend.services.settings.rights import require
from backend.store import audit, choices, invitations, team, team_rows
from backend.store.models import InternalDomain, Invitation, TeamMember
from backend.store.team import member_line


def team_view(deps: Deps, actor: Actor) -> TeamView:
    """Everybody of the workspace, by name, who is invited, and its internal domains."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        return TeamView(
            workspace_name=choices.workspace(session, actor.workspace_id).name,
            members=tuple(member_line(row) for row in team.members(session)),
            invitations=tuple(
                invitation_line(row, sender, now)
                for row, sender in invitations.to_show(session, now)
            ),
            domains=tuple(domain_line(row, name) for row, name in choices.domains(session)),
        )


def invitation_line(row: Invitation, sender: str | None, now: datetime) -> InvitationLine:
    """An invitation as the team sees it."""
    return InvitationLine(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        by=sender or "",
        at=row.invited_at,
        expires_at=row.expires_at,
        declined=row.ended_at is not None,
        expired=row.ended_at is None and row.expires_at <= now,
    )


def domain_line(row: InternalDomain, proven_by: str | None) -> DomainLine:
    """An internal domain, and whether an admin's Google account stands for it."""
    return DomainLine(
        domain=row.domain,
        proven_at=row.proven_at,
        proven_by=proven_by or "",
        open_since=row.open_since,
    )


def change_role(deps: Deps, actor: Actor, *, member_id: MemberId, role: str) -> None:
    """Give a member another role. The last admin stays one."""
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
