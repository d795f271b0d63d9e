"""A member's address that returns with another Google account: deleted and recreated for the same
person, or given to somebody new. Google does not say which, so an admin does.

Until then it signs nobody in: what the member wrote and read is not for the address's new owner.
"""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.domain.people.roles import Permission
from backend.errors import Conflict, NotFound, SettledAlready
from backend.services.settings.rights import require
from backend.store import audit, team, team_rows
from backend.store.models import TeamMember

OTHER_ACCOUNT = (
    "{email} belongs to a member of {workspace} who came with another Google account. An admin "
    "decides under Settings, Team, whether you are the same person. They see there that you came."
)
NOTHING_TO_DECIDE = "This was decided already. Nobody waits for it any more."
STILL_IN = "Take this member's access away first: somebody else has the address now."


def note_claim(deps: Deps, identity: Identity) -> str:
    """Record that the address of a member came with another account. Returns what to tell the
    person; empty when there is no such member.
    """
    with deps.store.begin_global() as session:
        found = team.with_other_account(session, sub=identity.sub, email_key=identity.email_key)
    told = ""
    for workspace_id, member_id, workspace in found:
        told = OTHER_ACCOUNT.format(email=identity.email, workspace=workspace)
        with deps.store.begin(WorkspaceId(workspace_id)) as session:
            member = team_rows.by_id(session, MemberId(member_id))
            if member is not None:
                member.claimed_by, member.claimed_at = identity.sub, deps.now()
    return told


def is_the_same(deps: Deps, actor: Actor, *, member_id: MemberId) -> str:
    """The other account is this member's new one: it is their identity from now on. Returns their
    name.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = _claimed(session, member_id)
        member.google_sub = member.claimed_by
        _decided(session, deps, actor, member, "member.account_changed")
        return member.name


def is_somebody_else(deps: Deps, actor: Actor, *, member_id: MemberId) -> str:
    """The address has passed to somebody new, who can be invited. Its former owner keeps the
    history, and cannot sign in by it.
    """
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = _claimed(session, member_id)
        if member.deactivated_at is None:
            raise Conflict(STILL_IN)
        member.address_ended_at = deps.now()
        _decided(session, deps, actor, member, "member.address_passed_on")
        return member.email


def _claimed(session: Session, member_id: MemberId) -> TeamMember:
    member = team_rows.by_id(session, member_id)
    if member is None:
        raise NotFound("There is no such team member.")
    if member.claimed_by is None:
        raise SettledAlready(NOTHING_TO_DECIDE)
    return member


def _decided(session: Session, deps: Deps, actor: Actor, member: TeamMember, action: str) -> None:
    member.claimed_by = member.claimed_at = None
    audit.note(session, actor, action, f"member:{member.id}", now=deps.now())
