"""Coverage: each member's progress, what is missing, and reminders by mail."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.helpers import plural
from backend.domain.people.roles import Permission
from backend.domain.summaries.coverage import CoverageLine, Missing
from backend.queries.coverage import coverage
from backend.services.reminding import remind
from backend.services.settings.rights import require

bp = members_only("coverage", __name__)
MISSING = {
    Missing.ACCEPTING: "Accepting the invitation",
    Missing.SIGNING_IN: "Signing in",
    Missing.GMAIL: "Connecting Gmail",
    Missing.SYNC: "Mail that is read",
    Missing.PANEL: "Side panel",
}


@bp.get("/settings/coverage")
def index() -> str:
    """The grid, filtered to members who miss something if asked."""
    require(current_actor(), Permission.TEAM_MANAGE)
    missing = request.args.get("missing", "")
    everybody = coverage(current_deps(), current_actor())
    return render_template(
        "settings/coverage.html",
        lines=[one for one in everybody if not missing or _misses(one, missing)],
        covered=sum(one.missing is None for one in everybody),
        total=len(everybody),
        missing=missing,
        words=MISSING,
    )


@bp.post("/settings/coverage/reminders")
def send() -> Response:
    """Remind the ticked people of their next step."""
    ticked = set(request.form.getlist("person"))
    people = [one for one in coverage(current_deps(), current_actor()) if one.email in ticked]
    sign_in = current_deps().public_url + url_for("signin.show")
    number = remind(current_deps(), current_actor(), people=people, sign_in=sign_in)
    say(
        f"{plural(number, 'reminder leaves', 'reminders leave')} from your Gmail.",
        url=url_for("pending.index"),
        label="Pending",
    )
    return go(url_for("coverage.index"))


def _misses(one: CoverageLine, asked: str) -> bool:
    if asked == "any":
        return one.missing is not None
    return asked == one.next
