"""The author of the forwarded mail inside the open email, with a link to add an unknown one."""

from urllib.parse import urlencode

from backend.domain.summaries.panel import Inside
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.text import cut, plain
from cards.widgets import button, buttons, paragraph

LABEL = 40


def forwarded_widgets(inside: Inside | None, context: CardContext) -> list[Json]:
    """The sentence, and a link to a form with name and address filled in."""
    if inside is None:
        return []
    said = paragraph(plain(inside.sentence))
    if not inside.address:
        return [said]
    query = urlencode({"name": inside.name, "email": inside.address})
    label = cut(f"Add {inside.name or inside.address}", LABEL)
    return [said, buttons(button(label, page(context, f"/contacts/new?{query}")))]
