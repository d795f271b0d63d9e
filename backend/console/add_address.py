"""Adding an email address, or moving to another one: explains, then redirects to Google."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go
from backend.console.mailbox import to_google
from backend.console.request_parsing import text
from backend.domain.summaries.mailbox import MailboxSummary
from backend.errors import InputError
from backend.queries.mailboxes.listing import my_mailbox
from backend.services import connecting

bp = members_only("adding", __name__)
GMAIL = "gmail"


@bp.get("/mailboxes/new")
def service() -> str | Response:
    """The choice of the address's service. There is one so far."""
    if request.args.get("service") == GMAIL:
        return go(url_for("adding.gmail"))
    return render_template("settings/add.html")


@bp.get("/mailboxes/new/gmail")
def gmail() -> str:
    """What to know before signing in with Google, and which address is meant."""
    mine = my_mailbox(current_deps(), current_actor())
    return render(mine, mine.email if mine else current_actor().email, {})


@bp.post("/mailboxes")
def add() -> Response | tuple[str, int]:
    """Redirect to Google for this address."""
    try:
        return to_google(text("address"), connecting.CONNECT)
    except InputError as error:
        mine = my_mailbox(current_deps(), current_actor())
        return render(mine, text("address"), error.fields), 422


@bp.get("/mailbox/address")
def ask_to_move() -> str:
    """Explains a move to another address, and asks for the address."""
    return render_move("", {})


@bp.post("/mailbox/address")
def move() -> Response | tuple[str, int]:
    """Redirect to Google for the new address."""
    try:
        return to_google(text("address"), connecting.MOVE)
    except InputError as error:
        return render_move(text("address"), error.fields), 422


def render_move(address: str, errors: dict[str, str]) -> str:
    """The page with the typed address."""
    deps, actor = current_deps(), current_actor()
    mine = my_mailbox(deps, actor)
    return render_template(
        "settings/move.html",
        mine=mine if mine and mine.connected_at else None,
        address=address,
        errors=errors,
        barred=connecting.may_connect(deps, actor),
    )


def render(mine: MailboxSummary | None, address: str, errors: dict[str, str]) -> str:
    """The page with the typed address."""
    barred = connecting.may_connect(current_deps(), current_actor())
    return render_template(
        "settings/add_gmail.html", mine=mine, address=address, errors=errors, barred=barred
    )
