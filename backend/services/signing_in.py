"""Identity: sign-in with Google, and the member behind an add-on request."""

from dataclasses import dataclass

from backend.deps import Deps
from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.domain.summaries.belonging import Belonging
from backend.errors import AuthenticationFailed, NotAllowed
from backend.google.oauth import SIGN_IN
from backend.services import oauth_flow
from backend.services.belonging import belonging, panel_place
from backend.services.oauth_flow import Journey, come_back, leave
from backend.services.other_accounts import note_claim
from backend.store import team

NOBODY = (
    "{email} is not a member of any Rapport workspace. Ask an admin to invite you under Settings, "
    "Team."
)


def begin(deps: Deps, *, return_to: str) -> str:
    """The address of Google's sign-in page."""
    journey = Journey(way=SIGN_IN, return_to=return_to)
    return leave(deps, journey, None)


@dataclass(frozen=True)
class Arrived:
    """Who signed in, where they may go, and the path they wanted."""

    identity: Identity
    belonging: Belonging
    return_to: str


def finish(deps: Deps, *, state: str, code: str, error: str = "") -> Arrived:
    """The callback from Google. Raises NotAllowed for somebody who has no workspace and no
    offer.
    """
    attempt, grant = come_back(deps, SIGN_IN, state=state, code=code, error=error)
    identity = Identity(
        sub=grant.sub,
        email=grant.email,
        name=grant.name,
        hosted_domain=grant.hosted_domain,
    )
    found = belonging(deps, identity)
    told = note_claim(deps, identity)
    if not found.anywhere:
        raise NotAllowed(told or NOBODY.format(email=identity.email))
    return Arrived(identity, found, attempt.return_to)


def wanted_path(deps: Deps, *, state: str) -> str:
    """The path that somebody who returned from Google was heading for; empty for an unknown
    state.
    """
    return oauth_flow.wanted_path(deps, state)


def actor_at_panel(deps: Deps, *, sub: str, email: str) -> tuple[Actor, bool]:
    """The member at Gmail's side panel, and whether they belong to this one workspace only.

    With several it is the one in which this Gmail is connected, else the one entered last. Raises
    NotAllowed for everybody else.
    """
    with deps.store.begin_global() as session:
        places = team.places_of(session, sub=sub, email_key=address_key(email))
    place = panel_place(places)
    if place is None:
        raise NotAllowed(_why_no_panel(deps, Identity(sub=sub, email=email)))
    actor = team.actor_of(place.member)
    if place.member.google_sub is None:
        with deps.store.begin(actor.workspace_id) as session:
            team.remember_sub(session, actor.member_id, sub)
    return actor, len(places) == 1


def _why_no_panel(deps: Deps, identity: Identity) -> str:
    asked = belonging(deps, identity).invitations
    if asked:
        return (
            f"{identity.email} is invited to {asked[0].name}. Sign in to Rapport and accept there."
        )
    return note_claim(deps, identity) or NOBODY.format(email=identity.email)


def actor_by_id(deps: Deps, workspace_id: WorkspaceId, member_id: MemberId) -> Actor:
    """The member of a session. Raises AuthenticationFailed when they have left."""
    with deps.store.begin(workspace_id) as session:
        member = team.by_id(session, member_id)
    if member is None:
        raise AuthenticationFailed("Your access to this workspace has ended. Sign in again.")
    return team.actor_of(member)
