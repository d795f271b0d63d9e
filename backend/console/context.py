"""The context of a request: dependencies, the signed-in member, and their time zone."""

from datetime import datetime
from typing import cast

from flask import current_app, g, has_request_context, request, session

from backend.deps import Deps
from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.errors import AuthenticationFailed, NotAllowed, NotFound
from backend.services import impersonating, signing_in, web_sessions

EXTENSION = "rapport"
WHO, PERSON, ONWARD, AS = web_sessions.WHO, "person", "onward", "as"
"""Keys of a session: the member, the Google account, the path to continue at, and the member as
whom an admin is logged in, with when that began.
"""


def current_deps() -> Deps:
    """The dependencies of this process."""
    return cast("Deps", current_app.extensions[EXTENSION])


def current_actor() -> Actor:
    """The signed-in team member. Raises AuthenticationFailed when nobody is."""
    actor = actor_or_none()
    if actor is None:
        raise AuthenticationFailed("Sign in to see this page.")
    return actor


def actor_or_none() -> Actor | None:
    """The signed-in team member, looked up once per request, or None."""
    if not has_request_context():
        return None
    if "actor" not in g:
        g.actor = _look_up()
    return cast("Actor | None", g.actor)


def arrive(identity: Identity, onward: str) -> None:
    """Store the identity that came back from Google, before a workspace is chosen."""
    session.clear()
    session[PERSON] = [identity.sub, identity.email, identity.name, identity.hosted_domain]
    session[ONWARD] = onward
    g.actor = None


def identity_or_none() -> Identity | None:
    """The Google account of this browser, if its sign-in is still stored."""
    match session.get(PERSON):
        case [str(sub), str(email), str(name), str(hosted_domain)]:
            return Identity(sub=sub, email=email, name=name, hosted_domain=hosted_domain)
        case _:
            return None


def remember(actor: Actor) -> str:
    """Sign this person in, with a fresh cookie. Returns the path they wanted."""
    person, onward = session.get(PERSON), session.get(ONWARD, "/")
    session.clear()
    session[WHO] = [actor.workspace_id, actor.member_id]
    if person:
        session[PERSON] = person
    g.actor = actor
    return str(onward)


def _look_up() -> Actor | None:
    match session.get(WHO):
        case [int(workspace_id), int(member_id)]:
            try:
                oneself = signing_in.actor_by_id(
                    current_deps(), WorkspaceId(workspace_id), MemberId(member_id)
                )
            except AuthenticationFailed:
                session.clear()
                return None
            return _acting(oneself)
        case _:
            return None


def act_as(actor: Actor) -> None:
    """From now on this browser shows what another member sees."""
    session[AS] = [actor.member_id, current_deps().now().isoformat()]
    g.actor = actor


def act_as_oneself() -> None:
    """The admin is themselves again."""
    session.pop(AS, None)
    g.pop("actor", None)


def _acting(oneself: Actor) -> Actor:
    """The member whom an admin is logged in as, while that is still allowed."""
    match session.get(AS):
        case [int(member_id), str(begun)]:
            deps = current_deps()
            try:
                if not impersonating.is_over(datetime.fromisoformat(begun), deps.now()):
                    return impersonating.acting_as(deps, oneself, MemberId(member_id))
            except (NotAllowed, NotFound):
                pass
            session.pop(AS, None)
        case _:
            pass
    return oneself


def wants_fragment() -> bool:
    """Whether htmx wants only a region. Going back and boosted links need the whole page."""
    headers = request.headers
    if headers.get("HX-History-Restore-Request") or headers.get("HX-Boosted"):
        return False
    return headers.get("HX-Request") == "true"
