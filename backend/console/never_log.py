"""Never log: whose mail and which subjects are kept out, for everybody or for oneself."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.errors import InputError
from backend.queries.settings.never_log import never_log_view, reach_of
from backend.services.settings import add_never_log, remove_never_log

bp = members_only("never_log", __name__)


@bp.get("/settings/never-log")
def index() -> str:
    """Both lists."""
    return render({})


@bp.post("/settings/never-log")
def add() -> Response | tuple[str, int]:
    """Add an entry."""
    try:
        entry_id = add_never_log(
            current_deps(),
            current_actor(),
            kind=text("kind"),
            value=text("value"),
            scope=text("scope"),
        )
    except InputError as error:
        return render(error.fields), 422
    say("Added. Mail it covers is kept out from now on.")
    return go(url_for("never_log.show", entry_id=entry_id))


@bp.get("/settings/never-log/<id:entry_id>")
def show(entry_id: int) -> str:
    """One entry, and what it would have kept out lately."""
    return render_template(
        "settings/never_log_entry.html",
        reach=reach_of(current_deps(), current_actor(), entry_id),
    )


@bp.post("/settings/never-log/<id:entry_id>/removal")
def remove(entry_id: int) -> Response:
    """Remove an entry."""
    remove_never_log(current_deps(), current_actor(), entry_id=entry_id)
    say("Removed. New mail it covered is logged again.")
    return go(url_for("never_log.index"))


def render(errors: dict[str, str]) -> str:
    """The page, with the typed text when it needs correction."""
    return render_template(
        "settings/never_log.html",
        entries=never_log_view(current_deps(), current_actor()),
        errors=errors,
        typed={"kind": text("kind"), "value": text("value"), "scope": text("scope")},
    )
