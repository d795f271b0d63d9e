"""Admin setup: the steps in Google Admin that let people connect, with what has to be copied."""

from flask import current_app, render_template

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.domain.roles import Permission
from backend.services.administering.rights import require
from backend.services.showing.health import health
from backend.services.showing.mailboxes import without_mailbox

bp = members_only("setup", __name__)
GOOGLE_ADMIN = "https://admin.google.com/ac/owl"
CALENDAR_CLIENT = "RAPPORT_CALENDAR_CLIENT"


@bp.get("/setup")
def index() -> str:
    """The steps, the client IDs, and who is still missing."""
    deps, actor = current_deps(), current_actor()
    require(actor, Permission.GMAIL_SWITCH)
    gmail_client = deps.google.oauth.client_id
    return render_template(
        "setup/index.html",
        google_admin=GOOGLE_ADMIN,
        gmail_client=gmail_client,
        calendar_client=current_app.config.get(CALENDAR_CLIENT) or gmail_client,
        public_url=deps.public_url,
        push_topic=deps.google.push_topic,
        view=health(deps, actor),
        without=without_mailbox(deps, actor),
    )
