"""Takes over a member's time zone from their browser with one click.

Separate from the email settings because it is offered on arrival, before anybody looks for a
setting.
"""

from flask import url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.queries.settings.email_settings import email_settings
from backend.services.settings import EmailChoices, change_email_settings

bp = members_only("time_zone", __name__)


@bp.post("/settings/time-zone")
def save() -> Response:
    """Store the zone; the other email settings stay."""
    deps, actor, zone = current_deps(), current_actor(), text("time_zone")
    view = email_settings(deps, actor)
    wanted = EmailChoices(
        daily_limit=str(view.daily_limit),
        hourly_limit=str(view.hourly_limit),
        always_bcc=view.always_bcc,
        signature_html=view.signature_html,
        time_zone=zone,
        windows=view.windows,
    )
    change_email_settings(deps, actor, wanted=wanted)
    say(f"Times are in {zone} from now on, and so are your sending windows.")
    return go(url_for("home.index"))
