"""The section "Recent": the newest interactions, as far as this reader may read them."""

from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from cards.clicks import Json, page
from cards.drawing import Drawing
from cards.text import BESIDE_ICON, cut, plain
from cards.times import ago
from cards.widgets import Row, known_icon, own_icon

MOST = 10
"""Rows drawn; the rest is in the account's history."""


def recent_rows(lines: tuple[InteractionLine, ...], drawing: Drawing) -> list[Json]:
    """Newest first."""
    return [_row(line, drawing) for line in lines[:MOST]]


def _row(line: InteractionLine, drawing: Drawing) -> Json:
    when = ago(line.at, drawing)
    if line.kind is InteractionKind.NOTE:
        return Row(
            icon=known_icon("DESCRIPTION", "Note"),
            top=f"Note, {when}",
            text=plain(cut(line.title, BESIDE_ICON)),
            bottom=cut(line.detail, 2 * BESIDE_ICON),
        ).widget()
    top = f"Email {'out' if line.outgoing else 'in'}, {when}"
    if line.private:
        icon = own_icon(drawing, "lock", "Private")
        return Row(icon=icon, top=top, text=plain("Private email"), bottom=line.private).widget()
    return Row(
        icon=known_icon("EMAIL", "Email"),
        top=top,
        text=plain(cut(line.title or "(no subject)", BESIDE_ICON)),
        on_click=_thread(line, drawing),
    ).widget()


def _thread(line: InteractionLine, drawing: Drawing) -> Json | None:
    if line.conversation_id is None:
        return None
    return page(drawing, f"/conversations/{line.conversation_id}")
