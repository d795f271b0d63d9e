"""Connects and disconnects one's own Gmail, and confirms that it is the right account."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console import connect as connect_window
from backend.console import email_settings, helpers
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.email_settings import with_wrong_name
from backend.console.flash import go, say, say_trouble
from backend.console.labels import SHARING_WORDS
from backend.console.request_parsing import text
from backend.console.signin import remember_state, require_state
from backend.domain.people.roles import Permission
from backend.domain.people.visibility import Visibility
from backend.domain.policies import Capture
from backend.errors import ConsentRefused, InputError, NotFound, RapportError
from backend.queries.mailboxes.listing import my_mailbox
from backend.services import connecting
from backend.services.settings import (
    choose_replies,
    choose_sharing,
    choose_taking_in,
    drop_alias,
    list_alias,
)

bp = members_only("mailbox", __name__)


@bp.post("/mailbox/connection")
def connect() -> Response:
    """Redirect to Google's consent page."""
    return to_google("", connecting.CONNECT)


def to_google(address: str, way: connecting.Way) -> Response:
    """Redirect to Google's consent page for this address, or else for the member's own."""
    here = url_for("email_settings.index")
    deps, actor = current_deps(), current_actor()
    consent = connecting.begin(deps, actor, return_to=here, address=address, way=way)
    remember_state(consent)
    return go(consent)


@bp.get("/mailbox/callback")
def finish() -> Response | tuple[str, int]:
    """The callback from the consent page, with or without permission."""
    args = request.args
    try:
        require_state()
        arrived = connecting.finish(
            current_deps(),
            current_actor(),
            state=args.get("state", ""),
            code=args.get("code", ""),
            error=args.get("error", ""),
        )
    except ConsentRefused as error:
        return refused_there(error)
    except RapportError as error:
        return not_connected(error.sentence)
    match arrived:
        case connecting.Connected():
            return connected(arrived)
        case connecting.Unconfirmed(state):
            return go(url_for("mailbox.ask_to_confirm", state=state))


@bp.get("/mailbox/confirmation")
def ask_to_confirm() -> str | Response | tuple[str, int]:
    """Shows the authorised mailbox: nothing is connected before it is confirmed."""
    try:
        return confirmation()
    except RapportError as error:
        return not_connected(error.sentence)


@bp.post("/mailbox/confirmation")
def confirm() -> str | Response | tuple[str, int]:
    """Confirm and connect it."""
    deps, actor, state = current_deps(), current_actor(), request.args.get("state", "")
    name = text("display_name")
    try:
        require_state()
        if text("sharing"):
            choose_sharing(deps, actor, text("sharing"))
        return connected(connecting.confirm(deps, actor, state=state, display_name=name))
    except InputError as error:
        if "display_name" not in error.fields:
            return not_connected(error.sentence)
        return confirmation(name, error.fields), 422
    except RapportError as error:
        return not_connected(error.sentence)


@bp.post("/mailbox/confirmation/refusal")
def refuse() -> Response | tuple[str, int]:
    """Refuse it: nothing is kept, and the person may choose another account."""
    try:
        require_state()
        connecting.refuse(current_deps(), current_actor(), state=request.args.get("state", ""))
    except RapportError as error:
        return not_connected(error.sentence)
    return not_connected("Nothing was connected, and nothing of it was kept.")


def confirmation(name: str | None = None, errors: dict[str, str] | None = None) -> str:
    """The page that shows the authorised address, with the typed name."""
    require_state()
    state = request.args.get("state", "")
    view = connecting.unconfirmed(current_deps(), current_actor(), state=state)
    name = view.display_name if name is None else name
    mailbox = my_mailbox(current_deps(), current_actor())
    return render_template(
        "connect/confirm.html",
        view=view,
        state=state,
        name=name,
        sharing=text("sharing") or (mailbox.sharing if mailbox else Visibility.FULL),
        errors=errors or {},
    )


def connected(arrived: connecting.Connected) -> Response:
    """Continue after Google, with a notice unless the window closes by itself."""
    if not g.in_gmails_window:
        say(
            "Gmail is connected. The import has started.",
            url=url_for("imports.index"),
            label="Imports",
        )
    return go(arrived.return_to)


def refused_there(error: ConsentRefused) -> Response | tuple[str, int]:
    """What Google refused, and what this reader can do about it."""
    is_admin = helpers.may(Permission.GMAIL_SWITCH, own=False)
    return not_connected(error.for_admin if is_admin else error.sentence, passes=error.passes)


def not_connected(sentence: str, *, passes: bool = False) -> Response | tuple[str, int]:
    """Why Gmail is not connected, on the page the person came from."""
    if g.in_gmails_window:
        return connect_window.trouble(sentence, passes=passes)
    say_trouble(sentence)
    return go(url_for("email_settings.index"))


@bp.post("/mailbox/name")
def rename() -> Response | tuple[str, int]:
    """Change the name beside the address."""
    deps, actor = current_deps(), current_actor()
    try:
        name = connecting.rename(deps, actor, display_name=text("display_name"))
    except InputError as error:
        return with_wrong_name(error.fields), 422
    say(f"Saved. Recipients see {name} from now on.")
    return go(url_for("email_settings.index"))


@bp.post("/mailbox/sharing")
def share() -> Response:
    """Choose how much of one's own mailbox the team may read."""
    level = choose_sharing(current_deps(), current_actor(), text("sharing"))
    say(f"Saved. Of your mailbox your team can read: {SHARING_WORDS[level].lower()}.")
    return go(url_for("email_settings.index"))


@bp.post("/mailbox/replies")
def thread() -> Response:
    """Choose what is quoted below replies from one's own address."""
    choose_replies(current_deps(), current_actor(), text("quote"))
    say("Saved. Replies leave this way from now on, also those that wait already.")
    return go(url_for("email_settings.index"))


@bp.post("/mailbox/aliases")
def list_one() -> Response | tuple[str, int]:
    """List a further address of one's own."""
    try:
        address = list_alias(current_deps(), current_actor(), text("alias"))
    except InputError as error:
        return email_settings.shown_with(error.fields), 422
    say(f"{address} counts as yours from now on.")
    return go(url_for("email_settings.index") + "#aliases")


@bp.post("/mailbox/aliases/removal")
def drop_one() -> Response:
    """Remove a further address of one's own."""
    drop_alias(current_deps(), current_actor(), text("alias"))
    say("Removed.")
    return go(url_for("email_settings.index") + "#aliases")


@bp.post("/mailbox/reach")
def take_in() -> Response:
    """Choose whether one's own mailbox also captures strangers' mail."""
    capture = choose_taking_in(current_deps(), current_actor(), text("capture"))
    say(TAKING_IN[capture])
    return go(url_for("email_settings.index"))


@bp.get("/mailbox/disconnection")
def ask_to_disconnect() -> str:
    """Asks first, for browsers without JavaScript."""
    return render_template(
        "question.html",
        heading="Disconnect Gmail",
        text=f"{DISCONNECTING} {helpers.kept_history()}",
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
    mailbox = my_mailbox(deps, actor)
    if mailbox is None:
        raise NotFound("You have no mailbox here that could be disconnected.")
    address = connecting.disconnect(deps, actor, mailbox_id=mailbox.id)
    say(f"{address} is disconnected. Nothing is read or sent until you connect it again.")
    return go(url_for("email_settings.index"))


TAKING_IN = {
    Capture.ALL: "Saved. All mail of this mailbox is logged from now on, including strangers'.",
    Capture.MATCHED: "Saved. Only mail with known contacts is logged from now on.",
}
DISCONNECTING = (
    "Nothing more is read from or sent through this mailbox until you connect it again. Pending "
    "mail is held, and your mail in Gmail is not touched."
)
