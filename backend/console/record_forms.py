"""Forms that edit a record: the typed value of each field, and its value when the form was
rendered.

A request without the second part (`was-name`) means the present value.
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
"""Seconds the toast stays. Afterwards the same button is under Changes."""

WAS = "was-"


def typed_in(fields: Iterable[FormField]) -> Mapping[str, Typed]:
    """The form's values. A box that is not ticked is not sent; its rendered value shows that it was
    there.
    """
    return {
        one.name: Typed(text(one.name).strip(), request.form.get(f"{WAS}{one.name}", one.value))
        for one in fields
        if one.name in request.form or f"{WAS}{one.name}" in request.form
    }


def say_saved(edit_id: int | None, undo_url: str, sentence: str = "Saved.") -> None:
    """Confirm the save, with Undo while the toast is shown."""
    if edit_id is None:
        say("Nothing was changed.")
    else:
        say(sentence, undo=Undo(url=undo_url, version=edit_id, seconds=UNDO_SECONDS))


def note_from_form(about: NotePlace) -> None:
    """Store the note of the form, once. Raises InputError for the field `note`."""
    try:
        write_note(
            current_deps(), current_actor(), text=text("note"), about=about, nonce=text("nonce")
        )
    except InputError as error:
        raise InputError(error.sentence, {"note": error.sentence}) from error
    say("The note is written.")
