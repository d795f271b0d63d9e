"""First steps: what an admin of a new workspace does next, in the most useful order."""

from flask import render_template

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.domain.people.roles import Permission
from backend.queries.setup import first_steps
from backend.services.settings.rights import require

bp = members_only("first_steps", __name__)


@bp.get("/first-steps")
def index() -> str:
    """Customers, Google, Gmail, the team: each with whether it is done."""
    deps, actor = current_deps(), current_actor()
    require(actor, Permission.TEAM_MANAGE)
    return render_template("first_steps/index.html", view=first_steps(deps, actor))
