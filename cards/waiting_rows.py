"""The rows of "Waiting on you": an unanswered mail, a bounce."""

from backend.domain.summaries.panel import WaitingLine
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.text import BESIDE_ICON, LABEL, cut, plain
from cards.widgets import Row, known_icon

SHOWN = 3
"""Rows visible before "Show more"."""


def waiting_row(line: WaitingLine, context: CardContext) -> Json:
    """One waiting item, with a link to where it is handled."""
    return Row(
        icon=known_icon("PERSON", "Contact"),
        top=cut(line.title, LABEL),
        text=plain(cut(line.who, BESIDE_ICON)),
        on_click=_place(line, context),
    ).widget()


def _place(line: WaitingLine, context: CardContext) -> Json | None:
    if line.conversation_id is not None:
        return page(context, f"/conversations/{line.conversation_id}")
    if line.account_id is not None:
        return page(context, f"/accounts/{line.account_id}")
    return None
