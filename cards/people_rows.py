"""The section "People": everybody known on a message with several, the main contact marked."""

from backend.domain.summaries.panel import KnownPerson, PersonLine
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call, page
from cards.text import BESIDE_ICON, LABEL, cut, plain
from cards.widgets import Row, known_icon

SHOWN = 5
"""Rows visible before "Show more"."""

MOST = 20
"""Rows at most: a card holds 100 widgets."""


def people_rows(panel: KnownPerson, context: CardContext) -> list[Json]:
    """One row per person; none when the header already names the only one."""
    if len(panel.people) < 2:
        return []
    return [_row(line, panel, context) for line in panel.people[:MOST]]


def _row(line: PersonLine, panel: KnownPerson, context: CardContext) -> Json:
    role = f"{line.role}, main contact" if line.main else line.role
    return Row(
        icon=known_icon("PERSON", "Contact"),
        top=cut(role, LABEL),
        text=plain(cut(line.name, BESIDE_ICON)),
        bottom=line.account_name or "",
        on_click=_click(line, panel, context),
    ).widget()


def _click(line: PersonLine, panel: KnownPerson, context: CardContext) -> Json:
    """For the person the card is about, their page; for others, this card about them."""
    if line.contact_id == panel.contact.id:
        return page(context, f"/contacts/{line.contact_id}")
    parameters = {"message": panel.gmail_id, "about": str(line.contact_id)}
    return call(context, Call.REFRESH_MESSAGE, parameters)
