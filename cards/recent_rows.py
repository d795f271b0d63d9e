"""The section "Recent": the newest interactions that this reader may read."""

from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.text import BESIDE_ICON, cut, plain
from cards.times import ago
from cards.widgets import Row, known_icon, own_icon

MOST = 10
"""Rows drawn; the rest is in the account's history."""


def recent_rows(lines: tuple[InteractionLine, ...], context: CardContext) -> list[Json]:
    """Newest first."""
    return [_row(line, context) for line in lines[:MOST]]


def _row(line: InteractionLine, context: CardContext) -> Json:
    when = ago(line.at, context)
    if line.kind is InteractionKind.NOTE:
        return Row(
            icon=known_icon("DESCRIPTION", "Note"),
            top=f"Note, {when}",
            text=plain(cut(line.title, BESIDE_ICON)),
            bottom=cut(line.detail, 2 * BESIDE_ICON),
        ).widget()
    top = f"Email {'out' if line.outgoing else 'in'}, {when}"
    if line.private:
        icon = own_icon(context, "lock", "Private")
        return Row(icon=icon, top=top, text=plain("Private email"), bottom=line.private).widget()
    return Row(
        icon=known_icon("EMAIL", "Email"),
        top=top,
        text=plain(cut(line.title or "(no subject)", BESIDE_ICON)),
        on_click=_thread(line, context),
    ).widget()


def _thread(line: InteractionLine, context: CardContext) -> Json | None:
    if line.conversation_id is None:
        return None
    return page(context, f"/conversations/{line.conversation_id}")
