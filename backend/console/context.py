"""The context of a request: dependencies, the signed-in member, and their time zone."""

from typing import cast

from flask import current_app, g, has_request_context, request, session

from backend.deps import Deps
from backend.domain.ids import MemberId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.errors import AuthenticationFailed
from backend.services import signing_in, web_sessions

EXTENSION = "rapport"
WHO, PERSON, ONWARD = web_sessions.WHO, "person", "onward"
"""Keys of a session: the member, the Google account, and the path to continue at."""


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
                return signing_in.actor_by_id(
                    current_deps(), WorkspaceId(workspace_id), MemberId(member_id)
                )
            except AuthenticationFailed:
                session.clear()
                return None
        case _:
            return None


def wants_fragment() -> bool:
    """Whether htmx wants only a region. Going back and boosted links need the whole page."""
    headers = request.headers
    if headers.get("HX-History-Restore-Request") or headers.get("HX-Boosted"):
        return False
    return headers.get("HX-Request") == "true"
