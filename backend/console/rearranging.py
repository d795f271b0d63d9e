"""Splits messages off a conversation, and merges two conversations, by hand."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import Undo, go, say
from backend.domain.ids import ConversationId
from backend.domain.paging import whole_id
from backend.errors import InputError
from backend.queries.conversations import rearranging as showing
from backend.services import rearranging
from backend.services.rearranging import Rearranged

bp = members_only("rearranging", __name__)
UNDO_SECONDS = 30
NONE_CHOSEN = "Choose the conversation that belongs here."


@bp.get("/conversations/<id:conversation_id>/split")
def choose_mails(conversation_id: int) -> str:
    """The messages of a conversation, to tick those that belong elsewhere."""
    return _split_page(ConversationId(conversation_id))


@bp.post("/conversations/<id:conversation_id>/split")
def split(conversation_id: int) -> Response | tuple[str, int]:
    """Split the ticked messages off into their own conversation."""
    place = ConversationId(conversation_id)
    named = (whole_id(one) for one in request.form.getlist("message"))
    chosen = {one for one in named if one}
    try:
        done = rearranging.split(current_deps(), current_actor(), place, chosen)
    except InputError as error:
        return _split_page(place, chosen=chosen, errors=error.fields), 422
    own = "its own" if len(chosen) == 1 else "their own"
    return _said(f"Split off into a conversation of {own}.", done)


@bp.get("/conversations/<id:conversation_id>/merge")
def choose_conversation(conversation_id: int) -> str:
    """Conversations of the same people, or search results, to choose the one to merge."""
    return _merge_page(ConversationId(conversation_id))


@bp.post("/conversations/<id:conversation_id>/merge")
def merge(conversation_id: int) -> Response | tuple[str, int]:
    """Merge the chosen conversation into this one."""
    place, other = ConversationId(conversation_id), whole_id(request.form.get("other"))
    if other is None:
        return _merge_page(place, errors={"other": NONE_CHOSEN}), 422
    try:
        done = rearranging.merge(current_deps(), current_actor(), place, ConversationId(other))
    except InputError as error:
        return _merge_page(place, chosen=other, errors=error.fields), 422
    return _said("Merged into one conversation.", done)


@bp.post("/conversations/changes/<id:change_id>/undo")
def undo(change_id: int) -> Response:
    """Undo a split or a merge."""
    done = rearranging.undo(current_deps(), current_actor(), change_id)
    say("Undone. The emails are back where they were.")
    return go(url_for("conversations.show", conversation_id=done.conversation_id))


def _said(text: str, done: Rearranged) -> Response:
    back = url_for("rearranging.undo", change_id=done.change_id)
    say(text, undo=Undo(url=back, version=0, seconds=UNDO_SECONDS))
    return go(url_for("conversations.show", conversation_id=done.conversation_id))


def _split_page(
    place: ConversationId,
    chosen: set[int] | frozenset[int] = frozenset(),
    errors: dict[str, str] | None = None,
) -> str:
    view = showing.split_choice(current_deps(), current_actor(), place)
    return render_template(
        "conversations/split.html", view=view, chosen=chosen, errors=errors or {}
    )


def _merge_page(
    place: ConversationId, chosen: int | None = None, errors: dict[str, str] | None = None
) -> str:
    words = request.values.get("q", "")
    view = showing.merge_choice(current_deps(), current_actor(), place, words)
    return render_template(
        "conversations/merge.html", view=view, words=words, chosen=chosen, errors=errors or {}
    )
