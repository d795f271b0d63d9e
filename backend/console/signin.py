"""Signing in with Google, and out."""

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, g, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import check_token
from backend.console.context import actor_or_none, current_deps, remember
from backend.console.headers import remember_window
from backend.console.saying import go
from backend.errors import AuthenticationFailed, InputError, NotAllowed
from backend.services import signing_in

bp = Blueprint("signin", __name__, template_folder="templates")
STATES = "states"
KEPT_STATES = 5


@bp.get("/signin")
def show() -> str | Response:
    """The page for those who are not signed in."""
    if actor_or_none() is not None:
        return go(url_for("home.index"))
    return render_template("signin/show.html", next=request.args.get("next"), trouble="")


@bp.get("/signin/google")
def begin() -> Response:
    """Off to Google."""
    address = signing_in.begin(current_deps(), return_to=request.args.get("next") or "/")
    state = remember_state(address)
    if g.in_gmails_window:
        remember_window(state)
    return go(address)


@bp.get("/signin/callback")
def finish() -> Response | tuple[str, int]:
    """Back from Google: the member gets a session of their own."""
    args = request.args
    try:
        require_state()
        actor, return_to = signing_in.finish(
            current_deps(),
            state=args.get("state", ""),
            code=args.get("code", ""),
            error=args.get("error", ""),
        )
    except (AuthenticationFailed, InputError, NotAllowed) as error:
        status = 403 if isinstance(error, NotAllowed) else 401
        onward = url_for("connect.begin") if g.in_gmails_window else None
        page = render_template("signin/show.html", next=onward, trouble=error.sentence)
        return page, status
    remember(actor)
    return go(return_to)


@bp.post("/signout")
def sign_out() -> Response:
    """End the session on our side; its cookie opens nothing any more."""
    check_token()
    session.clear()
    return go(url_for("signin.show"))


def remember_state(address: str) -> str:
    """Bind a way to Google to this browser, so that nobody else's way back signs it in."""
    state = parse_qs(urlsplit(address).query).get("state", [""])[0]
    session[STATES] = [*session.get(STATES, []), state][-KEPT_STATES:]
    return state


def require_state() -> None:
    """Raise AuthenticationFailed unless this browser began the way it comes back by."""
    if request.args.get("state", "") not in session.get(STATES, []):
        raise AuthenticationFailed(
            "This way back from Google was not begun in this browser. Start again here."
        )
