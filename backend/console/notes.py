"""Notes that are written already: edited, pinned, deleted. They are written on the page of their
account or contact.
"""

from collections.abc import Mapping

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.flash import Undo, go, say
from backend.console.record_forms import UNDO_SECONDS
from backend.console.request_parsing import text, version
from backend.errors import Conflict, InputError, SettledAlready
from backend.queries import histories
from backend.services import notes
from backend.services.notes import NotePlace

bp = members_only("notes", __name__)


@bp.get("/notes/<id:note_id>")
def edit(note_id: int) -> str:
    """The form with the note's text."""
    return _form(note_id, None, {})


@bp.post("/notes/<id:note_id>")
def save(note_id: int) -> Response | tuple[str, int]:
    """Save the text."""
    deps, actor, typed = current_deps(), current_actor(), text("text")
    try:
        place = notes.edit_note(deps, actor, note_id, typed, version=version())
    except InputError as error:
        return _form(note_id, typed, error.fields), 422
    except SettledAlready:
        raise
    except Conflict as error:
        return _form(note_id, None, {"form": error.sentence}), 409
    say("Saved.")
    return go(_page_of(place))


@bp.post("/notes/<id:note_id>/pin")
def pin(note_id: int) -> Response:
    """Pin it to the top of the history, or unpin it."""
    pinned = bool(text("pinned"))
    place = notes.pin_note(current_deps(), current_actor(), note_id, pinned=pinned)
    say("Pinned to the top." if pinned else "Unpinned.")
    return go(_page_of(place))


@bp.post("/notes/<id:note_id>/deletion")
def delete(note_id: int) -> Response:
    """Delete it; Undo restores it."""
    place = notes.delete_note(current_deps(), current_actor(), note_id)
    undo = Undo(url=url_for("notes.restore", note_id=note_id), version=1, seconds=UNDO_SECONDS)
    say("The note is deleted.", undo=undo)
    return go(_page_of(place))


@bp.post("/notes/<id:note_id>/restoring")
def restore(note_id: int) -> Response:
    """Restore a deleted one."""
    place = notes.restore_note(current_deps(), current_actor(), note_id)
    say("The note is restored.")
    return go(_page_of(place))


def _form(note_id: int, typed: str | None, errors: Mapping[str, str]) -> str:
    found, place = histories.note(current_deps(), current_actor(), note_id)
    return render_template(
        "accounts/note.html", note=found, back=_page_of(place), typed=typed, errors=errors
    )


def _page_of(place: NotePlace) -> str:
    if place.contact_id is not None:
        return url_for("contacts.show", contact_id=place.contact_id)
    if place.account_id is not None:
        return url_for("accounts.show", account_id=place.account_id)
    return url_for("home.index")
