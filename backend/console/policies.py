"""Policies: one row for each disagreement, with what each choice means and who may make it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.saying import go, say
from backend.errors import InputError, NotFound
from backend.services.administering import change_policy, policies_view

bp = members_only("policies", __name__)


@bp.get("/settings/policies")
def index() -> str:
    """All of them, in order."""
    return render({})


@bp.post("/settings/policies/<policy_id>")
def save(policy_id: str) -> Response | tuple[str, int]:
    """Keep the values entered for one row."""
    deps, actor = current_deps(), current_actor()
    rows = policies_view(deps, actor)
    row = next((one for one in rows if one.policy.id == policy_id), None)
    if row is None:
        raise NotFound("There is no such policy.")
    try:
        for setting in row.settings:
            entered = ",".join(request.form.getlist(setting.name)).strip()
            if setting.name in request.form and entered != setting.value:
                change_policy(deps, actor, name=setting.name, value=entered)
    except InputError as error:
        return render(error.fields, opened=policy_id), 422
    say(f"Saved: {row.policy.title}.")
    return go(url_for("policies.index") + f"#{policy_id}")


def render(errors: dict[str, str], *, opened: str = "") -> str:
    """The page, with one row open."""
    rows = policies_view(current_deps(), current_actor())
    return render_template("settings/policies.html", rows=rows, errors=errors, opened=opened)
