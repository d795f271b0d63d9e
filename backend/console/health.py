"""Health: whether every part works, the state of each mailbox, and what was set aside."""

from flask import render_template

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.queries.health import health

bp = members_only("health", __name__)


@bp.get("/health")
def index() -> str:
    """The state of everything."""
    return render_template("health/index.html", view=health(current_deps(), current_actor()))
