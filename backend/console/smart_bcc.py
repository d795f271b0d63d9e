"""Smart BCC in the console: replacing an address."""

from flask import url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.services.smart_bcc.addresses import replace_address

bp = members_only("smart_bcc", __name__)
REPLACED = (
    "Saved. Copy the new address into your mail program; the old one keeps working for 14 days."
)


@bp.post("/settings/smart-bcc/<id:address_id>/replacement")
def replace(address_id: int) -> Response:
    """A new address in place of one that leaked."""
    replace_address(current_deps(), current_actor(), address_id=address_id)
    say(REPLACED)
    return go(url_for("email_settings.index") + "#smart-bcc")
