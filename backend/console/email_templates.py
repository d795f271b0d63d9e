"""Branded templates: written as HTML, seen in a frame that runs nothing, copied and deleted."""

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.framing import framed
from backend.console.request_parsing import text
from backend.domain.paging import whole_id
from backend.domain.writing.branding import SLOT, framed_html
from backend.errors import InputError
from backend.queries.mailboxes import shared
from backend.services import connecting
from backend.services.settings import remove_template, save_template

bp = members_only("email_templates", __name__)
EXAMPLE = f"""<style>
  .frame {{ max-width: 600px; margin: 0 auto; font-family: Arial, sans-serif; color: #1f2328; }}
  .head {{ padding: 12px 0; border-bottom: 3px solid #0b5f59; font-weight: bold; }}
  .foot {{ margin-top: 24px; color: #59636e; font-size: 12px; }}
</style>
<div class="frame">
  <div class="head">Your company</div>
  {SLOT}
  <p class="foot">Your company, its street and its city</p>
</div>
"""
SAMPLE = Markup(
    '<div dir="auto">Hello,<br><br>this is where the text of an email goes.<br></div>'
    "<br><div>-- <br>The signature of its author</div>"
)


@bp.get("/settings/email-templates")
def index() -> str:
    """All of them."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "settings/email_templates.html",
        templates=shared.templates(deps, actor),
        may_save=connecting.may_set_up_shared(deps, actor),
    )


@bp.get("/settings/email-templates/new")
def new() -> str:
    """An empty form with an example, or a copy of a template."""
    copied = whole_id(request.args.get("copy"))
    if copied:
        found = shared.template(current_deps(), current_actor(), copied)
        return render(None, f"Copy of {found.name}", found.source, {})
    return render(None, "", EXAMPLE, {})


@bp.post("/settings/email-templates")
def create() -> Response | tuple[str, int]:
    """Save a new one."""
    return _save(None)


@bp.get("/settings/email-templates/<id:template_id>")
def show(template_id: int) -> str:
    """One template: its HTML and how it looks."""
    found = shared.template(current_deps(), current_actor(), template_id)
    return render(template_id, found.name, found.source, {})


@bp.post("/settings/email-templates/<id:template_id>")
def save(template_id: int) -> Response | tuple[str, int]:
    """Save changes."""
    return _save(template_id)


@bp.get("/settings/email-templates/<id:template_id>/preview")
def preview(template_id: int) -> FlaskResponse:
    """A message in it, for a frame that runs nothing."""
    found = shared.template(current_deps(), current_actor(), template_id)
    html = Markup(framed_html(found.html, str(SAMPLE)))  # noqa: S704 - sanitised when saved
    page = render_template("conversations/body.html", html=html, text="", ask="")
    return framed(page, images="shown")


@bp.get("/settings/email-templates/<id:template_id>/removal")
def ask_to_remove(template_id: int) -> str:
    """Asks before a template is deleted."""
    found = shared.template(current_deps(), current_actor(), template_id)
    return render_template(
        "question.html",
        heading=f"Delete {found.name}?",
        text="The template is gone for good. Emails that have left keep their look.",
        action=url_for("email_templates.remove", template_id=template_id),
        back=url_for("email_templates.index"),
        yes="Delete",
        tone="danger",
        hidden={},
    )


@bp.post("/settings/email-templates/<id:template_id>/removal")
def remove(template_id: int) -> Response:
    """Delete one that no mailbox uses."""
    name = remove_template(current_deps(), current_actor(), template_id=template_id)
    say(f"Deleted: {name}.")
    return go(url_for("email_templates.index"))


def _save(template_id: int | None) -> Response | tuple[str, int]:
    deps, actor, name = current_deps(), current_actor(), text("name")
    source = text("source").replace("\r\n", "\n")
    try:
        saved = save_template(deps, actor, template_id=template_id, name=name, source=source)
    except InputError as error:
        return render(template_id, name, source, error.fields), 422
    say("Saved. This is how it looks.")
    return go(url_for("email_templates.show", template_id=saved) + "#preview")


def render(template_id: int | None, name: str, source: str, errors: dict[str, str]) -> str:
    """The form, with what was typed."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "settings/email_template.html",
        template_id=template_id,
        name=name,
        source=source,
        errors=errors,
        slot=SLOT,
        used_by=shared.template(deps, actor, template_id).used_by if template_id else (),
        may_save=connecting.may_set_up_shared(deps, actor),
    )
