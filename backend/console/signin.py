"""Signs in with Google, and out."""

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, g, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import check_token
from backend.console.context import (
    actor_or_none,
    arrive,
    current_deps,
    identity_or_none,
    remember,
)
from backend.console.flash import go
from backend.console.headers import remember_window
from backend.errors import AuthenticationFailed, ConsentRefused, NotAllowed
from backend.services import belonging, founding, signing_in

bp = Blueprint("signin", __name__, template_folder="templates")
STATES = "states"
KEPT_STATES = 5
AWAY = "away"
"""Whether this browser left for Google and has not returned."""


@bp.get("/signin")
def show() -> str | Response:
    """The page for people who are not signed in."""
    if actor_or_none() is not None:
        return go(url_for("home.index"))
    if identity_or_none() is not None:
        return go(url_for("workspaces.index"))
    if founding.is_empty(current_deps()):
        return go(url_for("first_run.show"))
    return page(request.args.get("next"))


@bp.get("/signin/google")
def begin() -> Response:
    """Redirect to Google; from an empty installation to its set-up."""
    if founding.is_empty(current_deps()):
        return go(url_for("first_run.show"))
    address = signing_in.begin(current_deps(), return_to=request.args.get("next") or "/")
    state = remember_state(address)
    if g.in_gmails_window:
        remember_window(state)
    return go(address)


@bp.get("/signin/callback")
def finish() -> Response | tuple[str, int]:
    """The callback from Google: into this person's only workspace, else to a choice."""
    args = request.args
    try:
        require_state()
        session.pop(AWAY, None)
        arrived = signing_in.finish(
            current_deps(),
            state=args.get("state", ""),
            code=args.get("code", ""),
            error=args.get("error", ""),
        )
    except (AuthenticationFailed, ConsentRefused, NotAllowed) as error:
        return not_signed_in(error)
    arrive(arrived.identity, arrived.return_to)
    only = arrived.belonging.only
    if only is None:
        return go(url_for("workspaces.index"))
    return go(remember(belonging.enter(current_deps(), arrived.identity, only.workspace_id)))


def not_signed_in(
    error: AuthenticationFailed | ConsentRefused | NotAllowed,
) -> tuple[str, int]:
    """Why the sign-in failed, with a retry that keeps the path they wanted."""
    status, for_admin = 401, ""
    if isinstance(error, NotAllowed):
        status = 403
    elif isinstance(error, ConsentRefused):
        status, for_admin = (503 if error.passes else 401), error.for_admin
    onward = signing_in.wanted_path(current_deps(), state=request.args.get("state", ""))
    onward = onward or (url_for("connect.begin") if g.in_gmails_window else "")
    return page(onward or None, error.sentence, for_admin), status


def page(onward: str | None, trouble: str = "", for_admin: str = "") -> str:
    """The sign-in page; afterwards the person continues at this path."""
    return render_template(
        "signin/show.html", next=onward, trouble=trouble, for_admin=for_admin, away=is_away()
    )


@bp.post("/signout")
def sign_out() -> Response:
    """End the session on the server; its cookie is worthless from now on. A second time there is
    none to end.
    """
    if actor_or_none() is None and identity_or_none() is None:
        return go(url_for("signin.show"))
    check_token()
    session.clear()
    return go(url_for("signin.show"))


def remember_state(address: str) -> str:
    """Bind an OAuth attempt to this browser, so that nobody else's callback signs it in."""
    state = parse_qs(urlsplit(address).query).get("state", [""])[0]
    session[STATES] = [*session.get(STATES, []), state][-KEPT_STATES:]
    session[AWAY] = True
    return state


def is_away() -> bool:
    """Whether this browser left for Google and has not returned. A refusal that Google
    brought back is shown as what it is.
    """
    return bool(session.get(AWAY))


def require_state() -> None:
    """Raise AuthenticationFailed unless this browser began the attempt."""
    if request.args.get("state", "") not in session.get(STATES, []):
        raise AuthenticationFailed(
            "This way back from Google was not begun in this browser. Start again here."
        )
