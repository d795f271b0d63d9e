"""Unsubscribes: an admin's page with the offer, and the page its link in a message leads to.

The second is for people outside. It asks nobody to sign in and takes no CSRF token, since mail
programs press its button themselves (RFC 8058); opening it changes nothing.
"""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.errors import InputError, NotFound
from backend.queries.settings.unsubscribes import unsubscribes_view
from backend.services import unsubscribes
from backend.services.settings import change_unsubscribes
from backend.services.unsubscribes import Leaving

bp = members_only("unsubscribes", __name__)
public = Blueprint("unsubscribing", __name__)


@bp.get("/settings/unsubscribes")
def index() -> str:
    """The present offer."""
    offer = unsubscribes_view(current_deps(), current_actor())
    typed = {"on": offer.on_at, "prefix": offer.prefix, "link_text": offer.link_text}
    return render_template("settings/unsubscribes.html", offer=offer, typed=typed, errors={})


@bp.post("/settings/unsubscribes")
def save() -> Response | tuple[str, int]:
    """Save the offer, or show the errors."""
    typed = {"on": text("on") == "on", "prefix": text("prefix"), "link_text": text("link_text")}
    deps, actor = current_deps(), current_actor()
    try:
        change_unsubscribes(
            deps,
            actor,
            on=bool(typed["on"]),
            prefix=text("prefix"),
            link_text=text("link_text"),
        )
    except InputError as error:
        offer = unsubscribes_view(deps, actor)
        page = "settings/unsubscribes.html"
        return render_template(page, offer=offer, typed=typed, errors=error.fields), 422
    say("Saved. Email that waits already stays as it is.")
    return go(url_for("unsubscribes.index"))


@public.get("/u/<token>")
def ask(token: str) -> tuple[str, int]:
    """The question with its button."""
    try:
        found = unsubscribes.look(current_deps(), token)
    except NotFound as error:
        return page(None, trouble=error.sentence), 404
    return page(found), 200


@public.post("/u/<token>")
def leave(token: str) -> tuple[str, int]:
    """The button, pressed by a person or by their mail program."""
    deps = current_deps()
    try:
        found = unsubscribes.unsubscribe(deps, token, typed=text("address"))
    except NotFound as error:
        return page(None, trouble=error.sentence), 404
    except InputError as error:
        return page(unsubscribes.look(deps, token), errors=error.fields), 422
    return page(found), 200


def page(found: Leaving | None, *, trouble: str = "", errors: dict[str, str] | None = None) -> str:
    """The page for somebody outside, in every state."""
    return render_template(
        "unsubscribes.html",
        found=found,
        trouble=trouble,
        errors=errors or {},
        typed=text("address"),
    )
