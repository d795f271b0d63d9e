"""Integrations, Gmail: the workspace's switch, who is connected and who is not."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console import helpers
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go, say
from backend.console.request_parsing import text
from backend.domain.ids import MailboxId
from backend.domain.summaries.mailbox import TakesIn
from backend.errors import InputError
from backend.queries.mailboxes.listing import mailbox
from backend.queries.settings.gmail import gmail_switch
from backend.services import connecting
from backend.services.settings import (
    add_alias,
    disable_gmail,
    enable_gmail,
    mark_mailbox,
    remove_alias,
)

bp = members_only("integrations", __name__)


@bp.get("/settings/integrations/gmail")
def gmail() -> str:
    """The state of Gmail in this workspace."""
    return render({})


@bp.post("/settings/integrations/gmail")
def switch() -> Response:
    """Turn Gmail on or off for the workspace."""
    deps, actor = current_deps(), current_actor()
    if text("switch") == "on":
        enable_gmail(deps, actor)
        say("Gmail is on. Team members can connect their mailboxes now.")
    else:
        disable_gmail(deps, actor)
        say("Gmail is off. Nobody can connect a mailbox; connected ones keep working.")
    first_steps = text("then") == "first-steps"
    return go(url_for("first_steps.index" if first_steps else "integrations.gmail"))


@bp.post("/mailboxes/<id:mailbox_id>/aliases")
def add(mailbox_id: int) -> Response | tuple[str, int]:
    """Confirm a further address of a mailbox."""
    deps, actor = current_deps(), current_actor()
    try:
        add_alias(deps, actor, mailbox_id=MailboxId(mailbox_id), address=text("address"))
    except InputError as error:
        return render(error.fields, failed=mailbox_id), 422
    say(f"{text('address').strip()} counts as this mailbox's own from now on.")
    return go(url_for("integrations.gmail"))


@bp.post("/mailboxes/<id:mailbox_id>/aliases/removal")
def remove(mailbox_id: int) -> Response:
    """Remove a further address."""
    deps, actor = current_deps(), current_actor()
    remove_alias(deps, actor, mailbox_id=MailboxId(mailbox_id), address=text("address"))
    say("Removed.")
    return go(url_for("integrations.gmail"))


@bp.post("/mailboxes/<id:mailbox_id>/kind")
def mark(mailbox_id: int) -> Response:
    """Choose whose mailbox it is, and which mail it captures."""
    chosen = text("takes_in")
    if chosen not in set(TakesIn):
        raise InputError("Choose what this mailbox takes in.")
    takes_in = TakesIn(chosen)
    deps, actor = current_deps(), current_actor()
    mark_mailbox(deps, actor, mailbox_id=MailboxId(mailbox_id), takes_in=takes_in)
    say(f"{takes_in.label}. This holds for mail from now on.")
    return go(url_for("integrations.gmail"))


@bp.get("/mailboxes/<id:mailbox_id>/removal")
def ask_to_delete(mailbox_id: int) -> str:
    """Asks before an address is removed."""
    box = mailbox(current_deps(), current_actor(), MailboxId(mailbox_id))
    return render_template(
        "question.html",
        heading=f"Delete {box.email}?",
        text=f"{DELETING} {helpers.kept_history()}",
        action=url_for("integrations.delete", mailbox_id=mailbox_id),
        back=url_for("integrations.gmail"),
        yes="Delete",
        tone="danger",
        hidden={},
    )


@bp.post("/mailboxes/<id:mailbox_id>/removal")
def delete(mailbox_id: int) -> Response:
    """Remove an address: its connection ends, its history stays."""
    deps, actor = current_deps(), current_actor()
    address = connecting.disconnect(deps, actor, mailbox_id=MailboxId(mailbox_id))
    say(f"{address} is disconnected. {helpers.kept_history()}")
    return go(url_for("integrations.gmail"))


DELETING = (
    "Nothing more is read from or sent through this mailbox, and Google forgets the permission. "
    "Pending mail is held, mail in Gmail is not touched, and its owner can connect the same "
    "address again."
)


@bp.get("/settings/gmail")
@bp.get("/settings/data-management/integrations/gmail")
@bp.get("/apps/email")
def elsewhere() -> Response:
    """Redirects paths that other documents name."""
    return redirect(url_for("integrations.gmail"), code=301)


def render(errors: dict[str, str], *, failed: int = 0) -> str:
    """The page. `failed` is the mailbox whose further address was refused."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "settings/gmail.html",
        view=gmail_switch(deps, actor),
        errors=errors,
        failed=failed,
        typed=text("address"),
        choices=tuple(TakesIn),
        deleting=f"{DELETING} {helpers.kept_history()}",
        barred=connecting.may_connect(deps, actor),
    )
