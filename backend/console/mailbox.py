"""Connecting and disconnecting one's own Gmail."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console import connect as connect_window
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.saying import go, say, say_trouble
from backend.console.signin import remember_state, require_state
from backend.errors import NotFound, RapportError
from backend.services import connecting
from backend.services.showing import mailboxes

bp = members_only("mailbox", __name__)


@bp.post("/mailbox/connection")
def connect() -> Response:
    """Off to Google's consent page."""
    here = url_for("email_settings.index")
    address = connecting.begin(current_deps(), current_actor(), return_to=here)
    remember_state(address)
    return go(address)


@bp.get("/mailbox/callback")
def finish() -> Response | tuple[str, int]:
    """Back from the consent page, with or without permission."""
    args = request.args
    try:
        require_state()
        _, return_to = connecting.finish(
            current_deps(),
            current_actor(),
            state=args.get("state", ""),
            code=args.get("code", ""),
            error=args.get("error", ""),
        )
    except RapportError as error:
        if g.in_gmails_window:
            return connect_window.trouble(error.sentence)
        say_trouble(error.sentence)
        return go(url_for("email_settings.index"))
    if g.in_gmails_window:
        return go(return_to)
    say(
        "Gmail is connected. The import has started.", url=url_for("imports.index"), label="Imports"
    )
    return go(return_to)


@bp.get("/mailbox/disconnection")
def ask_to_disconnect() -> str:
    """The question, for browsers without JavaScript."""
    return render_template(
        "question.html",
        heading="Disconnect Gmail",
        text=DISCONNECTING,
        action=url_for("mailbox.disconnect"),
        back=url_for("email_settings.index"),
        yes="Disconnect Gmail",
        tone="danger",
        hidden={},
    )


@bp.post("/mailbox/disconnection")
def disconnect() -> Response:
    """End the connection; what was synced stays."""
    deps, actor = current_deps(), current_actor()
    mailbox = mailboxes.my_mailbox(deps, actor)
    if mailbox is None:
        raise NotFound("You have no mailbox here that could be disconnected.")
    connecting.disconnect(deps, actor, mailbox_id=mailbox.id)
    say(f"{mailbox.email} is disconnected. Nothing is read or sent until you connect it again.")
    return go(url_for("email_settings.index"))


DISCONNECTING = (
    "Nothing more is read from or sent through this mailbox until you connect it again. Pending "
    "mail is held. What was synced before stays here, and your mail in Gmail is not touched."
)
