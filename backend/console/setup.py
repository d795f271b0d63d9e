"""Admin setup: each step at Google with its evidence, the tests, and the values to copy."""

from typing import cast

from flask import Response, current_app, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps, wants_fragment
from backend.console.downloading import downloaded
from backend.console.flash import go, say
from backend.console.request_parsing import nonce as new_nonce
from backend.console.request_parsing import text
from backend.domain.people.roles import Permission
from backend.domain.setup.steps import steps_text
from backend.domain.summaries.setup import GoogleSide
from backend.errors import InputError
from backend.queries.mailboxes.listing import without_mailbox
from backend.queries.setup import first_steps, setup_summary
from backend.services.mailing_steps import mail_steps
from backend.services.settings.rights import require
from backend.services.setup_checks import ask_for_checks, confirm_step, withdraw_step

bp = members_only("setup", __name__)
GOOGLE_ADMIN = "https://admin.google.com/ac/owl"
GOOGLE_PLATFORM = "https://console.cloud.google.com/auth"
SIDE = "RAPPORT_GOOGLE_SIDE"
MOST_VALUE = 5000
"""Characters of a confirmed value: all scopes have about 1,000."""


@bp.get("/setup")
def index() -> str:
    """The steps with their state, the client IDs with their permissions, Google's possible answers,
    and who is missing.
    """
    return render({}, fragment=wants_fragment())


@bp.post("/setup/checks")
def run() -> BaseResponse:
    """Have everything tested that can be tested."""
    ask_for_checks(current_deps(), current_actor())
    return go(url_for("setup.index"))


@bp.post("/setup/confirmations/<key>")
def confirm(key: str) -> BaseResponse:
    """Keep that a step was checked at Google, or has to be checked again."""
    if text("again"):
        withdraw_step(current_deps(), current_actor(), key=key)
        say("Marked as not checked.")
    else:
        shown = text("value").replace("\r\n", "\n")[:MOST_VALUE]
        confirm_step(current_deps(), current_actor(), key=key, value=shown)
        say("Noted, with your name and the time.")
    return go(url_for("setup.index", _anchor="by-hand"))


@bp.post("/setup/steps")
def send() -> BaseResponse | tuple[str, int]:
    """Send the steps to an administrator of Google Workspace."""
    deps, actor, to = current_deps(), current_actor(), text("to")
    workspace = first_steps(deps, actor).workspace
    try:
        mail_steps(deps, actor, to=to, text=steps(workspace), nonce=text("nonce"))
    except InputError as error:
        return render(error.fields), 422
    say("The steps leave from your Gmail.", url=url_for("pending.index"), label="Pending")
    return go(url_for("setup.index"))


@bp.get("/setup/deployment.json")
def manifest() -> Response:
    """The add-on's manifest for this installation."""
    require(current_actor(), Permission.GMAIL_SWITCH)
    return downloaded("deployment.json", "application/json", side().manifest.encode())


def side() -> GoogleSide:
    """What has to be entered at Google."""
    return cast("GoogleSide", current_app.config[SIDE])


def steps(workspace: str) -> str:
    """The steps as a text."""
    entered = side()
    return steps_text(
        workspace=workspace,
        client_ids=entered.client_ids,
        scopes=entered.scopes,
        redirects=entered.redirects,
        addon_scopes=entered.addon_scopes,
    )


def render(errors: dict[str, str], *, fragment: bool = False) -> str:
    """The page, or only the steps while the tests run."""
    deps, actor = current_deps(), current_actor()
    require(actor, Permission.GMAIL_SWITCH)
    view = setup_summary(deps, actor, side())
    if fragment:
        return render_template("setup/_steps.html", view=view)
    return render_template(
        "setup/index.html",
        google_admin=GOOGLE_ADMIN,
        google_platform=GOOGLE_PLATFORM,
        side=side(),
        public_url=deps.public_url,
        view=view,
        steps=steps(view.workspace.workspace),
        nonce=new_nonce(),
        errors=errors,
        typed=request.form.get("to", ""),
        without=without_mailbox(deps, actor),
    )
