"""Policies: one row for each disagreement, with the effect of each choice and who may make it."""

from collections.abc import Mapping
from itertools import groupby

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.domain.policies import FACTS_LATER
from backend.domain.summaries.administration import PolicyView
from backend.errors import InputError, NotFound
from backend.queries.settings.policies import policies_view
from backend.services.settings import change_policy, check_choice

bp = members_only("policies", __name__)
COMING = "Coming later"


@bp.get("/settings/policies")
def index() -> str:
    """All of them, in order."""
    return render({})


@bp.post("/settings/policies/<policy_id>")
def save(policy_id: str) -> Response | tuple[str, int]:
    """Save the values entered for one row."""
    deps, actor = current_deps(), current_actor()
    rows = policies_view(deps, actor)
    row = next((one for one in rows if one.policy.id == policy_id), None)
    if row is None:
        raise NotFound("There is no such policy.")
    typed = _typed(row)
    stored = {one.name: one.value for one in row.settings}
    changed = {name: value for name, value in typed.items() if value != stored[name]}
    if wrong := _wrong(changed):
        return render(wrong, opened=policy_id, typed=typed), 422
    for name, value in changed.items():
        change_policy(deps, actor, name=name, value=value)
    say(f"Saved: {row.policy.title}.")
    return go(url_for("policies.index") + f"#{policy_id}")


def _typed(row: PolicyView) -> dict[str, str]:
    """The form's value for each setting; a browser does not send a list of which no box is
    ticked.
    """
    form = request.form
    asked = [one for one in row.settings if one.name in form or (one.several and one.changeable)]
    return {one.name: ",".join(form.getlist(one.name)).strip() for one in asked}


def _wrong(entered: Mapping[str, str]) -> dict[str, str]:
    """The error of each value, before any of them is stored."""
    wrong: dict[str, str] = {}
    for name, value in entered.items():
        try:
            check_choice(current_deps(), current_actor(), name=name, value=value)
        except InputError as error:
            wrong |= error.fields or {name: error.sentence}
    return wrong


def render(
    errors: dict[str, str], *, opened: str = "", typed: Mapping[str, str] | None = None
) -> str:
    """The page, with one row open and its typed values."""
    rows = policies_view(current_deps(), current_actor())
    parted = groupby(rows, lambda row: COMING if row.later else row.area)
    return render_template(
        "settings/policies.html",
        areas=[(area, list(members)) for area, members in parted],
        errors=errors,
        opened=opened,
        typed=typed or {},
        coming=dict.fromkeys(FACTS_LATER.values()),
    )
