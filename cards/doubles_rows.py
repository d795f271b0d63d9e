"""C-4, several matches: contacts who share an address, and the choice between them.

Not the people on a message: only one of these is on it.
"""

from backend.domain.summaries.panel import DoubleLine, KnownPerson
from cards.button_parameters import button_parameters
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call
from cards.text import CHOICE, cut, plain
from cards.widgets import Row, button, buttons, known_icon, radio, ticked

SHOWN = 1
"""Once the team has chosen, only the first row is visible."""


def doubles_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """The fact, the choice, and the button; nothing when the address is one person's."""
    if len(panel.doubles) < 2:
        return []
    number = f"{len(panel.doubles)} contacts have it"
    fact = Row(
        icon=known_icon("MULTIPLE_PEOPLE", "Several people"),
        top="This address" if not panel.remembered else "Not this person?",
        text=plain(number),
    )
    lines = sorted(panel.doubles, key=lambda one: one.contact_id != panel.contact.id)
    choices = [(str(one.contact_id), _name(one)) for one in lines]
    use = call(context, Call.USE_PERSON, button_parameters(panel))
    return [
        fact.widget(),
        radio("person", "Who is meant", choices),
        ticked("remember", "Remember for this address"),
        buttons(button("Use this person", use)),
    ]


def _name(line: DoubleLine) -> str:
    return cut(f"{line.name}, {line.account_name}" if line.account_name else line.name, CHOICE)
