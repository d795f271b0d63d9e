"""The coverage of the team: members and invited people, each with what is missing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.policies import MailboxKind
from backend.domain.summaries.coverage import CoverageLine, level_of
from backend.domain.summaries.mailbox import MailboxState
from backend.store.models import Invitation, Mailbox, TeamMember


def coverage(deps: Deps, actor: Actor) -> tuple[CoverageLine, ...]:
    """A line for each, by name."""
    with deps.store.begin(actor.workspace_id) as session:
        lines = [*_members(session), *_invited(session, deps)]
    return tuple(sorted(lines, key=lambda one: (one.name or one.email).casefold()))


def _members(session: Session) -> list[CoverageLine]:
    query = (
        select(TeamMember, Mailbox)
        .outerjoin(
            Mailbox,
            (Mailbox.owner_id == TeamMember.id) & (Mailbox.kind == MailboxKind.PERSONAL),
        )
        .where(TeamMember.deactivated_at.is_(None))
        .order_by(TeamMember.id, Mailbox.id)
    )
    found = {member.id: _line(member, box) for member, box in session.execute(query)}
    return list(found.values())


def _line(member: TeamMember, box: Mailbox | None) -> CoverageLine:
    return CoverageLine(
        member_id=member.id,
        name=member.name,
        email=member.email,
        invited_at=member.created_at,
        signed_in_at=member.entered_at,
        mailbox=box.state if box is not None else MailboxState.UNCONNECTED,
        synced_at=box.last_success_at if box is not None else None,
        panel_used_at=member.panel_used_at,
        level=level_of(box.scopes) if box is not None and box.sealed_token else None,
    )


def _invited(session: Session, deps: Deps) -> list[CoverageLine]:
    query = select(Invitation).where(
        Invitation.ended_at.is_(None), Invitation.expires_at > deps.now()
    )
    return [
        CoverageLine(
            member_id=None,
            name=row.name,
            email=row.email,
            invited_at=row.invited_at,
            signed_in_at=None,
            mailbox=MailboxState.UNCONNECTED,
            synced_at=None,
        )
        for row in session.scalars(query)
    ]
