"""The people of a workspace: members, invitations, and internal domains."""

from datetime import datetime

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.summaries.administration import DomainLine, InvitationLine, TeamView
from backend.domain.summaries.people import MemberLine
from backend.store import choices, invitations, team
from backend.store.models import InternalDomain, Invitation
from backend.store.team import member_line


def team_view(deps: Deps, actor: Actor) -> TeamView:
    """All members by name, open invitations, and internal domains."""
    now = deps.now()
    with deps.store.begin(actor.workspace_id) as session:
        return TeamView(
            workspace_name=choices.workspace(session, actor.workspace_id).name,
            members=tuple(member_line(row) for row in team.members(session)),
            invitations=tuple(
                _invitation_line(row, sender, now)
                for row, sender in invitations.to_show(session, now)
            ),
            domains=tuple(_domain_line(row, name) for row, name in choices.domains(session)),
        )


def assignable(deps: Deps, actor: Actor) -> tuple[MemberLine, ...]:
    """The active members, by name."""
    with deps.store.begin(actor.workspace_id) as session:
        found = [member_line(one) for one in team.members(session)]
    return tuple(one for one in found if not one.deactivated)


def _invitation_line(row: Invitation, sender: str | None, now: datetime) -> InvitationLine:
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


def _domain_line(row: InternalDomain, proven_by: str | None) -> DomainLine:
    """An internal domain, and whether an admin's Google account proves it."""
    return DomainLine(
        domain=row.domain,
        proven_at=row.proven_at,
        proven_by=proven_by or "",
        open_since=row.open_since,
    )
