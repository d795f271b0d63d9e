"""The rows of "Waiting on you": an unanswered mail, a bounce."""

from backend.domain.summaries.panel import WaitingLine
from cards.clicks import Json, page
from cards.drawing import Drawing
from cards.text import BESIDE_ICON, LABEL, cut, plain
from cards.widgets import Row, known_icon

SHOWN = 3
"""Rows in sight before "Show more"."""


def waiting_row(line: WaitingLine, drawing: Drawing) -> Json:
    """One thing that waits, leading to where it can be dealt with."""
    return Row(
        icon=known_icon("PERSON", "Contact"),
        top=cut(line.title, LABEL),
        text=plain(cut(line.who, BESIDE_ICON)),
        on_click=_place(line, drawing),
    ).widget()


def _place(line: WaitingLine, drawing: Drawing) -> Json | None:
    if line.conversation_id is not None:
        return page(drawing, f"/conversations/{line.conversation_id}")
    if line.account_id is not None:
        return page(drawing, f"/accounts/{line.account_id}")
    return None
