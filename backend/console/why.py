"""Why is it here, or not: the stored decisions about one message."""

from flask import render_template, request

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.domain.ids import MessageId
from backend.queries.why import why

bp = members_only("why", __name__)


@bp.get("/why")
def index() -> str:
    """A field for an id of Gmail or of the headers, and the decisions about it."""
    view = why(current_deps(), current_actor(), asked=request.args.get("message", ""))
    return render_template("why/index.html", view=view)


@bp.get("/messages/<id:message_id>/why")
def show(message_id: int) -> str:
    """The decisions about a stored message."""
    view = why(current_deps(), current_actor(), message_id=MessageId(message_id))
    return render_template("why/index.html", view=view)
