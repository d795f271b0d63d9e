"""Conversations: the active ones, one of them, and a message's HTML for its frame."""

from dataclasses import replace

from flask import Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from backend.console.addressing import notices_for
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import go
from backend.console.framing import framed
from backend.console.mail_form import MailForm, blank
from backend.console.request_parsing import list_query
from backend.console.templating import page
from backend.domain.ids import ConversationId, MessageId
from backend.domain.paging import ListQuery, whole_id
from backend.domain.summaries.mail import ConversationView
from backend.queries import accounts, tasks
from backend.queries.conversations.listing import conversations
from backend.queries.conversations.opened import body_html, opened_conversation
from backend.queries.mailboxes.shared import sender_choices
from backend.queries.pending.outlook import outlook
from backend.queries.settings.email_settings import email_settings
from backend.queries.settings.team import team_view
from backend.services import rearranging
from backend.services.tasks import TaskPlace

bp = members_only("conversations", __name__)


@bp.get("/conversations")
def index() -> str:
    """A page of active conversations; only its region for htmx."""
    deps, actor = current_deps(), current_actor()
    query = _asked(list_query("member", "waiting", "plan", "account", "heard"))
    return page(
        "conversations/index.html",
        fragment="conversations/_list.html",
        query=query,
        found=conversations(deps, actor, query),
        members=team_view(deps, actor).members,
        plans=accounts.plans(deps, actor),
        company=accounts.named(deps, actor, query.filters.get("account")),
    )


def _asked(query: ListQuery) -> ListQuery:
    """The query, with `mine`, which older links use for one's own mailbox."""
    if not request.args.get("mine") or "member" in query.filters:
        return query
    return replace(query, filters={**query.filters, "member": str(current_actor().member_id)})


@bp.get("/conversations/<id:conversation_id>")
def show(conversation_id: int) -> str | BaseResponse:
    """One conversation with its newest messages. A merged one redirects to where they are."""
    place = ConversationId(conversation_id)
    view = _viewed(place)
    if view.line.message_count == 0:
        elsewhere = rearranging.moved_to(current_deps(), current_actor(), place)
        if elsewhere is not None:
            return go(url_for("conversations.show", conversation_id=elsewhere))
    return _rendered(view, None)


def render_conversation(conversation_id: ConversationId, form: MailForm | None = None) -> str:
    """The page, with the typed reply when it needs correction."""
    return _rendered(_viewed(conversation_id), form)


def _viewed(conversation_id: ConversationId) -> ConversationView:
    before = whole_id(request.args.get("before"))
    return opened_conversation(
        current_deps(),
        current_actor(),
        conversation_id,
        before=MessageId(before) if before else None,
    )


def _rendered(view: ConversationView, form: MailForm | None) -> str:
    deps, actor = current_deps(), current_actor()
    form = form or answering(view)
    can_answer = not (view.line.private or view.reply_block) and bool(view.messages)
    return render_template(
        "conversations/show.html",
        view=view,
        form=form,
        told=notices_for(form, conversation_id=view.line.id) if can_answer else {},
        mine=email_settings(deps, actor),
        senders=sender_choices(deps, actor, view.line.id),
        outlook=outlook(deps, actor),
        tasks=tasks.about(deps, actor, TaskPlace(conversation_id=view.line.id)),
    )


def answering(view: ConversationView) -> MailForm:
    """An empty reply, to all if requested."""
    if request.args.get("reply") == "all" and view.reply_all:
        return blank(to=view.reply_all.to, cc=view.reply_all.cc)
    return blank(to=view.reply_to)


@bp.get("/messages/<id:message_id>/body")
def body(message_id: int) -> Response:
    """A message's own HTML, sanitised, for a frame that runs nothing."""
    images = "shown" if request.args.get("images") == "shown" else "blocked"
    found = body_html(current_deps(), current_actor(), MessageId(message_id), images=images)
    # The sanitiser's output is not escaped again; the frame is the second barrier.
    html = Markup(found.html) if found.html is not None else None  # noqa: S704
    ask = ""
    if found.remote_images and images == "blocked":
        ask = url_for("conversations.body", message_id=message_id, images="shown")
    return framed(
        render_template("conversations/body.html", html=html, text=found.text, ask=ask),
        images=images,
    )
