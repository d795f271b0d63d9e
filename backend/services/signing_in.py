"""Who somebody is: sign-in with Google, and the person behind an add-on request."""

from backend.domain.actor import Actor
from backend.domain.address import address_key
from backend.domain.ids import MemberId, WorkspaceId
from backend.errors import AuthenticationFailed, NotAllowed
from backend.google.oauth import SIGN_IN
from backend.services import consenting
from backend.services.consenting import Journey, come_back, leave
from backend.services.deps import Deps
from backend.store import team


def begin(deps: Deps, *, return_to: str) -> str:
    """The address of Google's sign-in page."""
    journey = Journey(way=SIGN_IN, return_to=return_to)
    return leave(deps, journey, None)


def finish(deps: Deps, *, state: str, code: str, error: str = "") -> tuple[Actor, str]:
    """The member who signed in, and the path to go on to."""
    attempt, grant = come_back(deps, SIGN_IN, state=state, code=code, error=error)
    return actor_by_identity(deps, sub=grant.sub, email=grant.email), attempt.return_to


def wanted_path(deps: Deps, *, state: str) -> str:
    """Where somebody who came back from Google set out to go; empty for an unknown state."""
    return consenting.wanted_path(deps, state)


def actor_by_identity(deps: Deps, *, sub: str, email: str) -> Actor:
    """The team member with this Google identity. Raises NotAllowed for everybody else."""
    with deps.store.begin_global() as session:
        found = team.by_identity(session, sub=sub, email_key=address_key(email) or "")
        actor = team.actor_of(found[0]) if found else None
        known = bool(found) and found[0].google_sub is not None
    if actor is None:
        raise NotAllowed(
            f"{email} is not a member of any Rapport workspace. Ask an admin to invite you under "
            "Settings, Team."
        )
    if not known:
        with deps.store.begin(actor.workspace_id) as session:
            team.remember_sub(session, actor.member_id, sub)
    return actor


def actor_by_id(deps: Deps, workspace_id: WorkspaceId, member_id: MemberId) -> Actor:
    """The member a session belongs to. Raises AuthenticationFailed when that ended."""
    with deps.store.begin(workspace_id) as session:
        member = team.by_id(session, member_id)
    if member is None:
        raise AuthenticationFailed("Your access to this workspace has ended. Sign in again.")
    return team.actor_of(member)
