"""Writing mail: an answer in a conversation, or the first mail of a new one."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.asking import addresses
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.conversations import render_conversation
from backend.console.drafting import MailForm, blank, draft_of, typed
from backend.console.pending import said_about
from backend.console.saying import go, say
from backend.domain.ids import AccountId, ConversationId
from backend.domain.paging import ListQuery, whole_id
from backend.errors import InputError, MailboxTrouble
from backend.services import composing
from backend.services.administering import email_settings
from backend.services.showing import accounts, contacts, pending

bp = members_only("composing", __name__)
SUGGESTED = 100
FIELDS = ("to", "cc", "bcc")
LOOKED_AT = 100
"""Addresses of one field that are looked at while it is written; no mail takes more."""


@bp.get("/conversations/new")
def new() -> str:
    """An empty form, addressed when a contact or an account led here."""
    to = request.args.get("to", "")
    account = whole_id(request.args.get("account"))
    if not to and account:
        people = accounts.people(current_deps(), current_actor(), AccountId(account))
        to = next((one.address for one in people.items if one.address), "")
    return render_new(blank(to=to))


@bp.post("/conversations")
def start() -> Response | tuple[str, int]:
    """Queue the first mail of a conversation."""
    form = typed()
    try:
        pending_id = composing.start(
            current_deps(), current_actor(), draft=draft_of(form), nonce=form.nonce
        )
    except InputError as error:
        return render_new(form.with_errors(error)), 422
    except MailboxTrouble as error:
        return render_new(form.with_errors(InputError(error.sentence))), 409
    detail = pending.pending_detail(current_deps(), current_actor(), pending_id)
    say(said_about(detail))
    return go(url_for("pending.show", pending_id=pending_id))


@bp.post("/conversations/recipients")
def look_at_recipients() -> str:
    """What to know of the people in the fields, while the mail is being written."""
    fields = {name: addresses(name)[:LOOKED_AT] for name in FIELDS}
    told = composing.look_at_recipients(current_deps(), current_actor(), fields)
    return render_template("conversations/_recipients.html", told=told)


@bp.post("/conversations/<id:conversation_id>/replies")
def reply(conversation_id: int) -> Response | tuple[str, int]:
    """Queue an answer in the conversation's own thread."""
    form, key = typed(), ConversationId(conversation_id)
    try:
        pending_id = composing.reply(
            current_deps(),
            current_actor(),
            conversation_id=key,
            draft=draft_of(form),
            nonce=form.nonce,
        )
    except InputError as error:
        return render_conversation(key, form.with_errors(error)), 422
    except MailboxTrouble as error:
        return render_conversation(key, form.with_errors(InputError(error.sentence))), 409
    detail = pending.pending_detail(current_deps(), current_actor(), pending_id)
    say(said_about(detail), url=url_for("pending.show", pending_id=pending_id), label="Look at it")
    return go(url_for("conversations.show", conversation_id=conversation_id) + "#pending")


def render_new(form: MailForm) -> str:
    """The form with what it needs beside it."""
    deps, actor = current_deps(), current_actor()
    return render_template(
        "conversations/new.html",
        form=form,
        suggested=contacts.contacts(deps, actor, ListQuery(limit=SUGGESTED)).items,
        mine=email_settings(deps, actor),
        outlook=pending.outlook(deps, actor),
    )
