"""Workspaces: the person's own, and the offers to join others.

Open to everybody who signed in with Google, before they are in any workspace. Nothing is joined
here without its own button.
"""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from backend.console.blueprints import check_token
from backend.console.context import (
    actor_or_none,
    current_deps,
    identity_or_none,
    remember,
)
from backend.console.flash import go, say
from backend.console.sessions import ServerSession
from backend.domain.ids import WorkspaceId
from backend.domain.people.identity import Identity
from backend.errors import AuthenticationFailed
from backend.services import belonging

bp = Blueprint("workspaces", __name__)


@bp.before_request
def require_person() -> BaseResponse | None:
    """Redirect to sign-in unless the Google account is known."""
    if isinstance(session, ServerSession) and session.trouble:
        raise session.trouble
    check_token()
    if identity_or_none() is None:
        if actor_or_none() is None:
            return redirect(url_for("signin.show", next=url_for("workspaces.index")))
        return redirect(url_for("signin.begin", next=url_for("workspaces.index")))
    return None


@bp.get("/workspaces")
def index() -> str:
    """The list."""
    person = who()
    actor = actor_or_none()
    return render_template(
        "workspaces/index.html",
        view=belonging.belonging(current_deps(), person),
        person=person,
        here=actor.workspace_id if actor else None,
    )


@bp.post("/workspaces/<id:workspace_id>/entry")
def enter(workspace_id: int) -> BaseResponse:
    """Enter a workspace of one's own."""
    return go(remember(belonging.enter(current_deps(), who(), WorkspaceId(workspace_id))))


@bp.post("/workspaces/<id:workspace_id>/membership")
def join(workspace_id: int) -> BaseResponse:
    """Join a workspace that is open to one's domain."""
    onward = remember(belonging.join(current_deps(), who(), WorkspaceId(workspace_id)))
    say("You have joined. Welcome.")
    return go(onward)


@bp.post("/invitations/<id:invitation_id>/acceptance")
def accept(invitation_id: int) -> BaseResponse:
    """Join by an invitation."""
    onward = remember(belonging.accept(current_deps(), who(), invitation_id))
    say("You have joined. Welcome.")
    return go(onward)


@bp.post("/invitations/<id:invitation_id>/refusal")
def decline(invitation_id: int) -> BaseResponse:
    """Say no to an invitation."""
    belonging.decline(current_deps(), who(), invitation_id)
    say("Declined. The person who invited you sees that.")
    return go(url_for("workspaces.index"))


def who() -> Identity:
    """The Google account of this browser."""
    person = identity_or_none()
    if person is None:
        raise AuthenticationFailed("Sign in to see this page.")
    return person
