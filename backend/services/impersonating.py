"""An admin logged in as another member (H-8, D-34): off by default, for an hour at most.

Whatever the session says is checked again at each request: the workspace's choice, the admin's
role, and that both are still in the team. Every act is in the audit log under both names; mail is
never sent and Gmail never connected that way (`require_oneself`).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from backend.deps import Deps
from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import NotAllowed, NotFound
from backend.services.settings.rights import require
from backend.store import audit, team
from backend.store.workspace_rules import policies

LASTS = timedelta(hours=1)
OFF = (
    "Nobody can log in as somebody else in this workspace. An admin can choose otherwise under "
    "Policies, Acting as another member."
)


def log_in_as(deps: Deps, admin: Actor, member_id: MemberId) -> Actor:
    """Begin to act as a member. Raises NotAllowed or NotFound."""
    acting = acting_as(deps, admin, member_id)
    with deps.store.begin(admin.workspace_id) as session:
        subject = f"member:{member_id}"
        audit.note(session, admin, "member.logged_in_as", subject, now=deps.now())
    return acting


def acting_as(deps: Deps, admin: Actor, member_id: MemberId) -> Actor:
    """The member, with the admin behind them. Raises NotAllowed or NotFound."""
    require(admin, Permission.IMPERSONATE)
    with deps.store.begin(admin.workspace_id) as session:
        if not policies(session).impersonate:
            raise NotAllowed(OFF)
        member = team.by_id(session, member_id)
    if member is None or member_id == admin.member_id:
        raise NotFound("There is no such colleague in your team.")
    return replace(team.actor_of(member), behind=admin.member_id, behind_name=admin.name)


def is_over(begun_at: datetime, now: datetime) -> bool:
    """Whether the hour is over, or a clock was set back."""
    return not timedelta() <= now - begun_at < LASTS


def note_act(deps: Deps, actor: Actor, what: str) -> None:
    """Write down an act under both names, before it is done."""
    with deps.store.begin(actor.workspace_id) as session:
        subject, detail = f"member:{actor.member_id}", {"act": what}
        audit.note(session, actor, "member.acted_as", subject, now=deps.now(), detail=detail)


def may_log_in_as_others(deps: Deps, actor: Actor) -> bool:
    """Whether this member sees the button."""
    try:
        require(actor, Permission.IMPERSONATE)
    except NotAllowed:
        return False
    with deps.store.begin(actor.workspace_id) as session:
        return policies(session).impersonate
