"""Privacy, terms and support, without sign-in: what a Marketplace listing links to."""

from flask import Blueprint, current_app, render_template

from backend.console.context import current_deps
from backend.console.setup import SIDE
from backend.domain.oauth.justifications import JUSTIFICATIONS
from backend.google.oauth import MAILBOX_SCOPES

bp = Blueprint("public", __name__)
SHORT = "https://www.googleapis.com/auth/"


@bp.get("/privacy")
def privacy() -> str:
    """What is read and kept, why, for how long, and who may see it."""
    side = current_app.config[SIDE]
    reasons = [
        (scope.removeprefix(SHORT), JUSTIFICATIONS[scope])
        for scope in dict.fromkeys((*MAILBOX_SCOPES, *side.addon_scopes))
    ]
    return render_template("public/privacy.html", host=host(), reasons=reasons)


@bp.get("/terms")
def terms() -> str:
    """What may be expected of this installation."""
    return render_template("public/terms.html", host=host())


@bp.get("/support")
def support() -> str:
    """Where to turn."""
    contact = current_app.config[SIDE].support_email
    return render_template("public/support.html", host=host(), contact=contact)


def host() -> str:
    """The name under which this installation is known."""
    return current_deps().public_url.partition("://")[2]
