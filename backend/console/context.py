"""What every page needs of its request: the outside world, who is signed in, and their zone."""

from typing import cast

from flask import current_app, g, has_request_context, request, session

from backend.domain.actor import Actor
from backend.domain.ids import MemberId, WorkspaceId
from backend.errors import AuthenticationFailed
from backend.services import signing_in
from backend.services.deps import Deps

EXTENSION = "rapport"
WHO = "who"


def current_deps() -> Deps:
    """The outside world of this process."""
    return cast("Deps", current_app.extensions[EXTENSION])


def current_actor() -> Actor:
    """The signed-in team member. Raises AuthenticationFailed when nobody is."""
    actor = actor_or_none()
    if actor is None:
        raise AuthenticationFailed("Sign in to see this page.")
    return actor


def actor_or_none() -> Actor | None:
    """The signed-in team member, looked up once in a request, or nobody."""
    if not has_request_context():
        return None
    if "actor" not in g:
        g.actor = _look_up()
    return cast("Actor | None", g.actor)


def remember(actor: Actor) -> None:
    """Sign this person in, with a cookie of their own from here on."""
    session.clear()
    session[WHO] = [actor.workspace_id, actor.member_id]
    g.actor = actor


def _look_up() -> Actor | None:
    match session.get(WHO):
        case [int(workspace_id), int(member_id)]:
            try:
                return signing_in.actor_by_id(
                    current_deps(), WorkspaceId(workspace_id), MemberId(member_id)
                )
            except AuthenticationFailed:
                session.clear()
                return None
        case _:
            return None


def wants_fragment() -> bool:
    """Whether htmx wants only a region. Going Back and boosted links need the whole page."""
    headers = request.headers
    if headers.get("HX-History-Restore-Request") or headers.get("HX-Boosted"):
        return False
    return headers.get("HX-Request") == "true"
