"""Writing a message: a reply in a conversation, or the first message of one."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.addressing import notices_for
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.conversations import render_conversation
from backend.console.flash import go
from backend.console.mail_form import MailForm, blank, draft_of, typed
from backend.console.queued import say_queued
from backend.domain.ids import AccountId, ConversationId, PendingId
from backend.domain.paging import whole_id
from backend.domain.writing.audience import Spread
from backend.errors import InputError, MailboxTrouble, NotFound
from backend.queries import contacts
from backend.queries.mailboxes.shared import sender_choices
from backend.queries.pending.opened import pending_detail
from backend.queries.pending.outlook import outlook
from backend.queries.settings.email_settings import email_settings
from backend.queries.settings.unsubscribes import unsubscribes_view
from backend.services import composing, rearranging

bp = members_only("composing", __name__)
MERGED = (
    "Nothing was queued: the conversation became part of this one while you wrote. Look at whom "
    "the answer goes to, then send it from here."
)
LISTS = ("contacts", "accounts")
"""Lists in which recipients are ticked."""

ONE_TO = {Spread.EACH.value: "one to each", Spread.ACCOUNT.value: "one to each account"}


@bp.get("/conversations/new")
def new() -> str:
    """An empty form, with the recipients of the contact, account or list that led here."""
    to = request.args.get("to", "")
    account = whole_id(request.args.get("account"))
    chosen = {name: list(filter(None, map(whole_id, request.args.getlist(name)))) for name in LISTS}
    if any(chosen.values()):
        people = contacts.audience(current_deps(), current_actor(), **chosen)
        return render_new(blank(to=", ".join(people), audience=True))
    if not to and account:
        found = contacts.of_account(current_deps(), current_actor(), AccountId(account))
        to = next((one.address for one in found.items if one.address), "")
    return render_new(blank(to=to))


@bp.post("/conversations")
def start() -> Response | tuple[str, int]:
    """Queue the first message of a conversation."""
    form = typed()
    try:
        pending_id = composing.start(
            current_deps(), current_actor(), draft=draft_of(form), nonce=form.nonce
        )
    except InputError as error:
        return render_new(form.with_errors(error)), 422
    except MailboxTrouble as error:
        return render_new(form.with_errors(InputError(error.sentence))), 409
    return queued(form, pending_id, url_for("pending.show", pending_id=pending_id))


@bp.post("/conversations/recipients")
def look_at_recipients() -> str:
    """Notices about the people in the fields, while the message is written."""
    form = typed()
    told = notices_for(
        form,
        conversation_id=whole_id(request.args.get("conversation")),
        editing=bool(request.args.get("editing")),
        offers=bool(request.args.get("offers")),
    )
    return render_template(
        "conversations/_recipients.html", told=told, spread=form.spread, editing=False
    )


@bp.post("/conversations/<id:conversation_id>/replies")
def reply(conversation_id: int) -> Response | tuple[str, int]:
    """Queue a reply in the conversation's own thread."""
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
    except NotFound:
        elsewhere = rearranging.moved_to(current_deps(), current_actor(), key)
        if elsewhere is None:
            raise
        return render_conversation(elsewhere, form.with_errors(InputError(MERGED))), 409
    onward = url_for("conversations.show", conversation_id=conversation_id) + "#pending"
    return queued(form, pending_id, onward)


def queued(form: MailForm, pending_id: PendingId, onward: str) -> Response:
    """Show when it leaves, on its page or its conversation."""
    deps, actor = current_deps(), current_actor()
    detail, before = pending_detail(deps, actor, pending_id), ""
    if form.spread in ONE_TO:
        count = composing.count_queued(deps, actor, pending_id)
        before = f"{count} emails, {ONE_TO[form.spread]}. For the first: "
        onward = url_for("pending.index")
    link = url_for("pending.show", pending_id=pending_id)
    say_queued(detail, url="" if onward == link else link, label="Look at it", before=before)
    return go(onward)


def render_new(form: MailForm, **passed_on: object) -> str:
    """The form with its choices, and for a forward its files."""
    deps, actor = current_deps(), current_actor()
    blank_one = {"heading": "New conversation", "action": url_for("composing.start"), "carried": ()}
    offers = not passed_on and unsubscribes_view(deps, actor).on_at is not None
    return render_template(
        "conversations/new.html",
        **{**blank_one, **passed_on},
        form=form,
        offers=offers,
        told=notices_for(form, offers=offers),
        mine=email_settings(deps, actor),
        senders=sender_choices(deps, actor),
        outlook=outlook(deps, actor),
    )
