"""C-5, the internal thread: everyone on it is on the team, and there is nothing to do."""

from backend.domain.summaries.panel import InternalThread
from cards.card_context import CardContext
from cards.clicks import Json
from cards.forwarded import forwarded_widgets
from cards.text import plain
from cards.why import why_page
from cards.widgets import Row, button, buttons, card, known_icon, section


def internal_card(panel: InternalThread, context: CardContext) -> Json:
    """The fact, and why."""
    row = Row(icon=known_icon("MULTIPLE_PEOPLE", "Team"), text=plain(panel.sentence), wrap=True)
    why = buttons(button("Why", why_page(panel.gmail_id, context)))
    inner = forwarded_widgets(panel.forwarded, context)
    return card("Internal email", "Only your team is on it", [section([row.widget(), *inner, why])])
