"""Forms that edit a record: what was typed in each field, and what it said when the form was drawn.

A request without the second part (`was-name`) means the field as it is now.
"""

from collections.abc import Iterable, Mapping

from flask import request

from backend.console.context import current_actor, current_deps
from backend.console.flash import Undo, say
from backend.console.request_parsing import text
from backend.domain.customers.edits import Typed
from backend.domain.summaries.edits import FormField
from backend.errors import InputError
from backend.services.notes import NotePlace, write_note

UNDO_SECONDS = 20
"""For as long the toast stays. Afterwards the same button is under Changes."""

WAS = "was-"


def typed_in(fields: Iterable[FormField]) -> Mapping[str, Typed]:
    """What the form says. A tick that is not set is not sent, so its shown state tells of it."""
    return {
        one.name: Typed(text(one.name).strip(), request.form.get(f"{WAS}{one.name}", one.value))
        for one in fields
        if one.name in request.form or f"{WAS}{one.name}" in request.form
    }


def say_saved(edit_id: int | None, undo_url: str, sentence: str = "Saved.") -> None:
    """What was done, with a way back while it is on the screen."""
    if edit_id is None:
        say("Nothing was changed.")
    else:
        say(sentence, undo=Undo(url=undo_url, version=edit_id, seconds=UNDO_SECONDS))


def note_from_form(about: NotePlace) -> None:
    """Write the note of the form, once. Raises InputError for the field `note`."""
    try:
        write_note(
            current_deps(), current_actor(), text=text("note"), about=about, nonce=text("nonce")
        )
    except InputError as error:
        raise InputError(error.sentence, {"note": error.sentence}) from error
    say("The note is written.")
