"""The section "Quick note": a note on the account, or on the person without one."""

from backend.domain.summaries.panel import KnownPerson
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call
from cards.widgets import button, buttons, text_input

MULTIPLE_LINES: Json = {"type": "MULTIPLE_LINE"}


def note_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """The field and its button, which stays disabled until something is typed."""
    field = context.note_field
    place = {
        **button_parameters(panel),
        "contact": str(panel.contact.id),
        "account": str(panel.account.id) if panel.account else "",
        "conversation": str(panel.conversation_id or ""),
    }
    parameters = {key: value for key, value in place.items() if value}
    return [
        text_input(field, "Note", hint="Only your team sees notes", extra=MULTIPLE_LINES),
        buttons(button("Save note", call(context, Call.SAVE_NOTE, parameters, required=(field,)))),
    ]
