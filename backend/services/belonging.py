"""The workspaces of a Google account, and those it may join.

Nobody becomes a member on somebody else's word. An invitation and an open domain are offers, listed
at sign-in and in the menu, that the person accepts or declines. Only the operator's own admin,
named on the server, is bound at the first sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.domain.people.invitations import Ending
from backend.domain.people.roles import Role
from backend.domain.summaries.belonging import Belonging, Membership, Offer
from backend.errors import Conflict, NotAllowed, NotFound
from backend.store import audit, choices, invitations, team, team_rows
from backend.store.models import Invitation, TeamMember
from backend.store.team import Place

GONE = "This offer is over: it was taken back, or it has expired. Ask the person who invited you."
NOT_HERE = "You are not a member of this workspace."
ENDED = "Your access to this workspace was taken away. Ask one of its admins to let you in again."

TAKEN = (
    "A member of this workspace has your address with another Google account. Its admins decide "
    "under Settings, Team, whether you are the same person."
)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A person about to become a member: where, and in which role."""

    workspace_id: WorkspaceId
    role: str
    time_zone: str
    name: str = ""


def belonging(deps: Deps, identity: Identity) -> Belonging:
    """The workspaces a person may enter, most recently entered first, and the offers to join
    others.
    """
    key, now = identity.email_key, deps.now()
    with deps.store.begin_global() as session:
        places = team.places_of(session, sub=identity.sub, email_key=key)
        inside = {place.member.workspace_id for place in places}
        asked = invitations.waiting_for(session, key, now)
        invited = {row.workspace_id for row, _, _ in asked}
        doors = choices.open_to(session, identity.stands_for)
    panel = panel_place(places)
    return Belonging(
        memberships=tuple(
            Membership(
                workspace_id=place.member.workspace_id,
                name=place.workspace,
                role=place.member.role,
                has_panel=place is panel,
                has_mailbox=place.has_mailbox,
            )
            for place in places
        ),
        invitations=tuple(
            Offer(id=row.id, name=name, role=row.role, by=sender or "", at=row.invited_at)
            for row, name, sender in asked
            if row.workspace_id not in inside
        ),
        doors=tuple(
            Offer(id=workspace_id, name=name, role=Role.MEMBER, domain=domain)
            for workspace_id, name, domain in doors
            if workspace_id not in inside | invited
        ),
    )


def panel_place(places: Sequence[Place]) -> Place | None:
    """Where the side panel works: where this Gmail is connected, else the workspace entered
    last.
    """
    return next((place for place in places if place.has_mailbox), places[0] if places else None)


def enter(deps: Deps, identity: Identity, workspace_id: WorkspaceId) -> Actor:
    """Enter a workspace of one's own. Raises NotAllowed for any other."""
    with deps.store.begin(workspace_id) as session:
        return _entered(session, deps, identity)


def accept(deps: Deps, identity: Identity, invitation_id: int) -> Actor:
    """Join by an invitation to this address; a second click only enters. Raises NotFound once it
    has ended.
    """
    with deps.store.begin(_invitations_workspace(deps, invitation_id)) as session:
        row = _own_invitation(session, identity, invitation_id)
        if row.ended_how is Ending.ACCEPTED:
            return _entered(session, deps, identity)
        if row.ended_how is not None or row.expires_at <= deps.now():
            raise NotFound(GONE)
        row.ended_at, row.ended_how = deps.now(), Ending.ACCEPTED
        arrival = Arrival(
            workspace_id=row.workspace_id,
            role=row.role,
            time_zone=row.time_zone,
            name=row.name,
        )
        return _join(session, deps, identity, arrival, how="invitation.accepted")


def decline(deps: Deps, identity: Identity, invitation_id: int) -> None:
    """Decline an invitation to this address; its workspace sees that. Idempotent."""
    with deps.store.begin(_invitations_workspace(deps, invitation_id)) as session:
        row = _own_invitation(session, identity, invitation_id)
        if row.ended_how is Ending.DECLINED:
            return
        if row.ended_how is not None:
            raise NotFound(GONE)
        row.ended_at, row.ended_how = deps.now(), Ending.DECLINED


def join(deps: Deps, identity: Identity, workspace_id: WorkspaceId) -> Actor:
    """Join a workspace that is open to the person's domain. Raises NotFound when it is not."""
    with deps.store.begin(workspace_id) as session:
        if not choices.is_open_to(session, identity.stands_for):
            raise NotFound(GONE)
        arrival = Arrival(workspace_id=workspace_id, role=Role.MEMBER, time_zone="UTC")
        return _join(session, deps, identity, arrival, how="member.joined")


def _invitations_workspace(deps: Deps, invitation_id: int) -> WorkspaceId:
    with deps.store.begin_global() as session:
        found = invitations.workspace_of(session, invitation_id)
    if found is None:
        raise NotFound(GONE)
    return found


def _own_invitation(session: Session, identity: Identity, invitation_id: int) -> Invitation:
    row = invitations.lock(session, invitation_id)
    if row is None or row.email_key != identity.email_key:
        raise NotFound(GONE)
    return row


def _entered(session: Session, deps: Deps, identity: Identity) -> Actor:
    rows = team_rows.of_identity(session, sub=identity.sub, email_key=identity.email_key)
    member = next((row for row in rows if row.deactivated_at is None), None)
    if member is None:
        raise NotAllowed(NOT_HERE)
    return _arrived(session, member, identity, deps.now())


def _join(session: Session, deps: Deps, identity: Identity, arrival: Arrival, *, how: str) -> Actor:
    """Become a member, once: an existing member only enters."""
    rows = team_rows.of_identity(
        session, sub=identity.sub, email_key=identity.email_key, for_update=True
    )
    if rows and all(row.deactivated_at is not None for row in rows):
        raise NotAllowed(ENDED)
    member = next((row for row in rows if row.deactivated_at is None), None)
    if member is None:
        if team_rows.by_email(session, identity.email_key) is not None:
            raise Conflict(TAKEN)
        fresh = team_rows.newcomer(
            arrival.workspace_id,
            email=identity.email,
            role=arrival.role,
            time_zone=arrival.time_zone,
            now=deps.now(),
        )
        fresh.name = identity.name or arrival.name or fresh.name
        member = team_rows.add(session, fresh, deps.random_bytes)
        audit.note(session, team.actor_of(member), how, f"member:{member.id}", now=deps.now())
    return _arrived(session, member, identity, deps.now())


def _arrived(session: Session, member: TeamMember, identity: Identity, now: datetime) -> Actor:
    """Bind the identity, record the arrival, and let an admin's account prove domains."""
    member.google_sub = identity.sub
    if address_key(member.name) == member.email_key and identity.name:
        member.name = identity.name
    member.entered_at = now
    session.flush()
    actor = team.actor_of(member)
    if member.role == Role.ADMIN:
        for domain in choices.prove_domains(session, actor, identity.stands_for, now):
            audit.note(session, actor, "domain.proven", f"domain:{domain}", now=now)
    return actor
