"""The row that shows who a person is assigned to, with the button that assigns or unassigns."""

from backend.domain.summaries.panel import KnownPerson
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call
from cards.text import BESIDE_ICON, cut, plain
from cards.widgets import Row, button, known_icon


def assigned_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """One row, with the one button that changes it. Colleagues are chosen in the console."""
    holder = panel.contact.assigned_to
    parameters = {
        **button_parameters(panel),
        "contact": str(panel.contact.id),
        "to": "nobody" if panel.assigned_to_me else "me",
    }
    name = "Unassign" if panel.assigned_to_me else "Take over" if holder else "Assign to me"
    return [
        Row(
            icon=known_icon("PERSON", "Assigned to"),
            top="Assigned to",
            text=plain(cut(holder.name if holder else "Nobody", BESIDE_ICON)),
            button=button(name, call(context, Call.ASSIGN, parameters)),
        ).widget()
    ]
