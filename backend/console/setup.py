"""Admin setup: the steps at Google that let people in, with the values to copy."""

from flask import current_app, render_template

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.domain.people.roles import Permission
from backend.google.oauth import CONNECT, SIGN_IN
from backend.queries.health import health
from backend.queries.mailboxes.listing import without_mailbox
from backend.queries.setup import google_checks
from backend.services.settings.rights import require

bp = members_only("setup", __name__)
GOOGLE_ADMIN = "https://admin.google.com/ac/owl"
GOOGLE_PLATFORM = "https://console.cloud.google.com/auth"
CLIENTS = "RAPPORT_GOOGLE_CLIENTS"


@bp.get("/setup")
def index() -> str:
    """The steps, the client IDs with their permissions, Google's possible answers, and who is
    missing.
    """
    deps, actor = current_deps(), current_actor()
    require(actor, Permission.GMAIL_SWITCH)
    clients = current_app.config[CLIENTS]
    checks, left = google_checks(deps, actor)
    return render_template(
        "setup/index.html",
        google_admin=GOOGLE_ADMIN,
        google_platform=GOOGLE_PLATFORM,
        clients=clients,
        has_addon=any(one.key.startswith("addon") for one in clients),
        redirects=[deps.public_url + way.callback for way in (SIGN_IN, CONNECT)],
        public_url=deps.public_url,
        push_topic=deps.google.push_topic,
        view=health(deps, actor),
        checks=checks,
        left=left,
        without=without_mailbox(deps, actor),
    )
