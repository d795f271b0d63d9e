"""When a message being written would leave, as a line for its form."""

from flask import render_template, request

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.mail_form import MailForm, due_at
from backend.console.request_parsing import pending_named
from backend.errors import InputError
from backend.queries.pending import forecasts

bp = members_only("forecasts", __name__)


@bp.get("/pending/forecast")
def show() -> str:
    """When a message with the date in the form would leave, as a line for the form; `mail` names
    the pending one being edited.
    """
    args = request.args
    form = MailForm(
        when=args.get("when", "date"),
        due_at=args.get("due_at", ""),
        delay=args.get("delay", ""),
        delay_unit=args.get("delay_unit", "days"),
    )
    try:
        at = due_at(form)
    except InputError as error:
        return render_template("pending/_forecast.html", line=next(iter(error.fields.values())))
    line = forecasts.foresee(
        current_deps(), current_actor(), due_at=at, instead_of=pending_named("mail")
    )
    return render_template("pending/_forecast.html", line=line)
