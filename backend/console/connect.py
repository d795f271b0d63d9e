"""Connecting Gmail in the window that the side panel opens, which closes itself at the end.

Separate from the mailbox's settings because this window is Gmail's: Gmail redraws its card when it
sees the window close, so every page in it must stay visible to its opener (see headers), none leads
off into the console, and the last one closes.
"""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go
from backend.console.headers import remember_window
from backend.console.request_parsing import text
from backend.console.signin import remember_state
from backend.domain.people.visibility import Visibility
from backend.errors import RapportError
from backend.queries.mailboxes.listing import my_mailbox
from backend.services import connecting
from backend.services.settings import choose_sharing

bp = members_only("connect", __name__)


@bp.get("/connect")
def begin() -> str | Response | tuple[str, int]:
    """Asks who may read the mailbox, before Google is asked for it.

    A member whom Google may refuse first reads what that looks like, and what to do then. A member
    who renews a permission is redirected to Google at once.
    """
    deps, actor = current_deps(), current_actor()
    barred = connecting.may_connect(deps, actor)
    if barred:
        return trouble(barred)
    mailbox = my_mailbox(deps, actor)
    warned = connecting.needs_warning(deps, actor)
    if mailbox and mailbox.connected_at and not warned:
        return to_google()
    return render_template(
        "connect/before.html",
        warned=warned,
        away=connecting.is_away(deps, actor),
        sharing=mailbox.sharing if mailbox else Visibility.FULL,
    )


@bp.route("/connect/google", methods=["GET", "POST"])
def to_google() -> Response | tuple[str, int]:
    """Redirect to Google's consent page, with the choice of readers if one was made."""
    deps, actor = current_deps(), current_actor()
    try:
        if request.method == "POST":
            choose_sharing(deps, actor, text("sharing"))
        address = connecting.begin(deps, actor, return_to=url_for("connect.done"))
    except RapportError as error:
        return trouble(error.sentence)
    remember_window(remember_state(address))
    return go(address)


@bp.get("/connect/done")
def done() -> str | Response:
    """The last page. Without JavaScript the person closes the window."""
    if not connecting.is_connected(current_deps(), current_actor()):
        return go(url_for("connect.begin"))
    return render_template("connect/done.html")


def trouble(sentence: str, *, passes: bool = False) -> tuple[str, int]:
    """Why Gmail is not connected, and a way to retry in this window."""
    page = render_template("connect/trouble.html", sentence=sentence, passes=passes)
    return page, 503 if passes else 409
