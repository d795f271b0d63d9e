"""The first-run page: a name, an admin and a set-up code make the first workspace.

It works only while the installation is empty; afterwards it says so and links to sign-in.
"""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.context import current_deps
from backend.console.email_settings import time_zones
from backend.console.flash import go, say
from backend.console.request_parsing import listed, text
from backend.errors import Conflict, InputError, LimiterUnavailable, TryLater
from backend.services import founding
from backend.services.founding import Wanted

bp = Blueprint("first_run", __name__)
FIELDS = ("code", "name", "admin", "domains", "time_zone")


@bp.get("/first-run")
def show() -> str | tuple[str, int]:
    """The form, or a notice that it is closed."""
    return form({}) if founding.is_empty(current_deps()) else closed()


@bp.post("/first-run")
def found() -> Response | tuple[str, int]:
    """Create the workspace; its admin signs in next. The code authenticates the request, so the
    form needs no CSRF token, and viewing it stores nothing.
    """
    wanted = Wanted(
        name=text("name"),
        admin=text("admin"),
        domains=listed("domains"),
        time_zone=text("time_zone"),
    )
    try:
        made = founding.found_by_code(
            current_deps(), wanted, code=text("code"), caller=request.remote_addr or ""
        )
    except Conflict:
        return closed()
    except InputError as error:
        return form(error.fields), 422
    except LimiterUnavailable:
        raise
    except TryLater as error:
        return form({"code": error.sentence}), 429
    say(f"{made.name} is ready. Sign in as {made.admin}; that account is its admin.")
    return go(url_for("signin.show", next=url_for("first_steps.index")))


def form(errors: dict[str, str]) -> str:
    """The page, with the typed text when it needs correction."""
    return render_template(
        "first_run/show.html",
        errors=errors,
        typed={name: text(name) for name in FIELDS},
        zones=time_zones(),
    )


def closed() -> tuple[str, int]:
    """Once there is a workspace the page is closed permanently."""
    return render_template("first_run/closed.html", sentence=founding.SET_UP_ALREADY), 410
