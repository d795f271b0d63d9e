"""Stopped addresses: who is suppressed, why and since when, and lifting it."""

import re

from flask import url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import list_query, text
from backend.console.templating import page
from backend.queries.stopped_addresses import stopped_addresses
from backend.services import suppressing

bp = members_only("suppressions", __name__)
BACK = re.compile(r"/(contacts/[0-9]+|settings/stopped-addresses(\?[^\s\\]*)?)")


@bp.get("/settings/stopped-addresses")
def index() -> str:
    """A page of them; only its region for htmx."""
    query = list_query("reason", "state")
    return page(
        "suppressions/index.html",
        fragment="suppressions/_list.html",
        query=query,
        found=stopped_addresses(current_deps(), current_actor(), query),
    )


@bp.post("/settings/stopped-addresses/<id:suppression_id>/lift")
def lift(suppression_id: int) -> Response:
    """Lift a suppression, and return to the page."""
    address = suppressing.lift(current_deps(), current_actor(), suppression_id=suppression_id)
    say(f"Mail may go to {address} again. Another report that it failed stops it again.")
    back = text("back")
    return go(back if BACK.fullmatch(back) else url_for("suppressions.index"))
