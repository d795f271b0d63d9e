"""Smart BCC in the console: replaces addresses, and shows mail that waits for its owner."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.errors import InputError
from backend.queries.smart_bcc import waiting_mail
from backend.services.smart_bcc import waiting
from backend.services.smart_bcc.addresses import replace_address

bp = members_only("smart_bcc", __name__)
REPLACED = (
    "Saved. Copy the new address into your mail program; the old one keeps working for 14 days."
)


@bp.post("/settings/smart-bcc/<id:address_id>/replacement")
def replace(address_id: int) -> Response:
    """Replace an address that leaked."""
    replace_address(current_deps(), current_actor(), address_id=address_id)
    say(REPLACED)
    return go(url_for("email_settings.index") + "#smart-bcc")


@bp.get("/smart-bcc")
def index() -> str:
    """Smart BCC mail that is not filed."""
    return _page()


@bp.post("/smart-bcc/<id:mail_id>/acceptance")
def accept(mail_id: int) -> Response | tuple[str, int]:
    """File a held message."""
    try:
        waiting.accept(current_deps(), current_actor(), mail_id)
    except InputError as error:
        return _page(error.sentence), 422
    say("Filed.")
    return go(url_for("smart_bcc.index"))


@bp.post("/smart-bcc/<id:mail_id>/removal")
def discard(mail_id: int) -> Response:
    """Discard a held message."""
    waiting.discard(current_deps(), current_actor(), mail_id)
    say("Discarded.")
    return go(url_for("smart_bcc.index"))


def _page(wrong: str = "") -> str:
    lines = waiting_mail(current_deps(), current_actor())
    return render_template(
        "smart_bcc/index.html",
        held=[one for one in lines if one.waits],
        left_out=[one for one in lines if not one.waits],
        wrong=wrong,
    )
