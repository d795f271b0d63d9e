"""Account traits: what the workspace notes of its accounts, named by an admin."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.errors import InputError
from backend.queries.settings.account_traits import traits_view
from backend.services.settings import add_trait, remove_trait

bp = members_only("account_traits", __name__)


@bp.get("/settings/account-traits")
def index() -> str:
    """All of them."""
    return render({})


@bp.post("/settings/account-traits")
def add() -> Response | tuple[str, int]:
    """Add a trait."""
    try:
        name = add_trait(current_deps(), current_actor(), name=text("name"))
    except InputError as error:
        return render(error.fields), 422
    say(f"Added: {name}. Fill it on each account or with a customer list.")
    return go(url_for("account_traits.index"))


@bp.post("/settings/account-traits/<id:trait_id>/removal")
def remove(trait_id: int) -> Response:
    """Delete a trait with all its values."""
    name = remove_trait(current_deps(), current_actor(), trait_id=trait_id)
    say(f"Removed: {name}.")
    return go(url_for("account_traits.index"))


def render(errors: dict[str, str]) -> str:
    """The page, with the typed text when it needs correction."""
    traits = traits_view(current_deps(), current_actor())
    return render_template(
        "settings/account_traits.html", traits=traits, errors=errors, name=text("name")
    )
