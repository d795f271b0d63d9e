"""Blueprints for groups of pages: signed-in members only, and every change carries a CSRF token."""

from flask import Blueprint, Response, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from backend.console.context import actor_or_none, current_deps, wants_fragment
from backend.console.sessions import ServerSession
from backend.errors import AuthenticationFailed
from backend.services.impersonating import note_act

csrf = CSRFProtect()
SIGNED_OUT = (
    "You were signed out meanwhile, so nothing was queued. Copy what you wrote, sign in, and send "
    "it again."
)
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def members_only(name: str, import_name: str) -> Blueprint:
    """A blueprint for people who signed in. Forms without a valid token are refused."""
    blueprint = Blueprint(name, import_name)
    blueprint.before_request(require_member)
    return blueprint


def require_member() -> BaseResponse | None:
    """Check the token of a change, and redirect strangers to sign-in."""
    if isinstance(session, ServerSession) and session.trouble:
        raise session.trouble
    actor = actor_or_none()
    if actor is not None:
        check_token()
        if actor.behind is not None and request.method in CHANGING:
            note_act(current_deps(), actor, str(request.endpoint))
        return None
    if request.form.get("body_text") and not wants_fragment():
        raise AuthenticationFailed(SIGNED_OUT)  # so that the page shows what was written
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else "/"
    address = url_for("signin.show", next=None if wanted == "/" else wanted)
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def check_token() -> None:
    """Refuse a change whose form or header carries no token of this session."""
    if request.method in CHANGING:
        csrf.protect()
