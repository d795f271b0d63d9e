"""Shared mailboxes: connected, named, framed in a template, and used by several members."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.console.signin import remember_state
from backend.domain.ids import MailboxId, MemberId
from backend.domain.paging import whole_id
from backend.domain.summaries.shared import SharedMailbox
from backend.errors import InputError, NotFound
from backend.queries.mailboxes.shared import shared_list, templates
from backend.queries.settings.team import assignable
from backend.services import connecting
from backend.services.settings import SharedChoices, change_shared_mailbox

bp = members_only("shared_mailboxes", __name__)


@bp.get("/settings/shared-mailboxes")
def index() -> str:
    """All of them, and who uses each."""
    return render({})


@bp.post("/settings/shared-mailboxes")
def connect() -> Response | tuple[str, int]:
    """Redirect to Google's consent page, to sign in as the shared address."""
    back, deps, actor = url_for("shared_mailboxes.index"), current_deps(), current_actor()
    try:
        consent = connecting.begin(
            deps, actor, return_to=back, address=text("address"), way=connecting.SHARE
        )
    except InputError as error:
        return render(error.fields), 422
    remember_state(consent)
    return go(consent)


@bp.get("/settings/shared-mailboxes/<id:mailbox_id>")
def show(mailbox_id: int) -> str:
    """One shared mailbox with its settings."""
    box = _one(mailbox_id)
    return render_one(
        box,
        SharedChoices(
            display_name=box.summary.display_name,
            template_id=box.template_id,
            from_name=box.from_name,
            reply_quote=box.summary.reply_quote,
            capture=box.capture,
            users=box.user_ids,
        ),
        {},
    )


@bp.post("/settings/shared-mailboxes/<id:mailbox_id>")
def save(mailbox_id: int) -> Response | tuple[str, int]:
    """Save its settings, or show the errors."""
    wanted = SharedChoices(
        display_name=text("display_name"),
        template_id=whole_id(text("template_id")) if text("template_id") else None,
        from_name=text("from_name"),
        reply_quote=text("reply_quote"),
        capture=text("capture"),
        users=frozenset(
            MemberId(one) for one in filter(None, map(whole_id, request.form.getlist("users")))
        ),
    )
    deps, actor, key = current_deps(), current_actor(), MailboxId(mailbox_id)
    try:
        address = change_shared_mailbox(deps, actor, mailbox_id=key, wanted=wanted)
    except InputError as error:
        return render_one(_one(mailbox_id), wanted, error.fields), 422
    say(f"Saved. Mail of {address} leaves this way from now on, also mail that waits already.")
    return go(url_for("shared_mailboxes.index"))


def _one(mailbox_id: int) -> SharedMailbox:
    found = shared_list(current_deps(), current_actor())
    for box in found:
        if box.summary.id == mailbox_id:
            return box
    raise NotFound("There is no such shared mailbox in your workspace.")


def render(errors: dict[str, str]) -> str:
    """The list, with the typed address when it needs correction."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "settings/shared_mailboxes.html",
        boxes=shared_list(deps, actor),
        barred=connecting.may_connect_shared(deps, actor),
        errors=errors,
        address=text("address"),
    )


def render_one(box: SharedMailbox, typed: SharedChoices, errors: dict[str, str]) -> str:
    """The settings of one, as typed."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "settings/shared_mailbox.html",
        box=box,
        typed=typed,
        errors=errors,
        templates=templates(deps, actor),
        members=assignable(deps, actor),
        may_save=connecting.may_set_up_shared(deps, actor),
        owners_alone=box.summary.owner_id not in {None, actor.member_id},
    )
