"""C-5, the internal thread: everyone on it is on the team, and there is nothing to do."""

from backend.domain.summaries.panel import InternalThread
from cards.clicks import Json
from cards.text import plain
from cards.widgets import Row, card, known_icon, section


def internal_card(panel: InternalThread) -> Json:
    """The fact, without buttons."""
    row = Row(icon=known_icon("MULTIPLE_PEOPLE", "Team"), text=plain(panel.sentence), wrap=True)
    return card("Internal email", "Only your team is on it", [section([row.widget()])])
