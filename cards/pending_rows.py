"""The section "Pending": mail that waits to leave to this person, and why it has not left."""

from backend.domain.summaries.pending import PendingLine
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.text import BESIDE_BUTTON, cut, plain
from cards.times import moment
from cards.widgets import Row, button, buttons, known_icon

MOST = 3
"""Rows drawn; the rest is a page away."""


def pending_rows(lines: tuple[PendingLine, ...], context: CardContext) -> list[Json]:
    """The next few, and a way to all of them."""
    rows = [_row(line, context) for line in lines[:MOST]]
    if len(lines) > MOST:
        rows.append(
            buttons(button(f"All {len(lines)} pending", page(context, "/conversations/pending")))
        )
    return rows


def _row(line: PendingLine, context: CardContext) -> Json:
    when = moment(line.leaves_at, context) if line.leaves_at else line.state.capitalize()
    return Row(
        icon=known_icon("CLOCK", "Pending"),
        top=when,
        text=plain(cut(line.subject, 2 * BESIDE_BUTTON)),
        bottom=line.why,
        wrap=True,
        button=button("Review", page(context, f"/conversations/pending?open={line.id}")),
    ).widget()
