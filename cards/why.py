"""The way to why an e-mail is here, or is not: the console's page of decisions (N2)."""

from urllib.parse import quote

from cards.clicks import Json, page
from cards.drawing import Drawing
from cards.widgets import menu_item


def why_page(gmail_id: str, drawing: Drawing) -> Json:
    """The decisions about this message."""
    return page(drawing, f"/why?message={quote(gmail_id, safe='')}")


def why_menu(gmail_id: str, drawing: Drawing) -> list[Json]:
    """The entry of the card's menu."""
    return [menu_item("Why is this here?", why_page(gmail_id, drawing))]
