"""The link to the console's page of decisions: why an email is here or not (N2)."""

from urllib.parse import quote

from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.widgets import menu_item


def why_page(gmail_id: str, context: CardContext) -> Json:
    """The decisions about this message."""
    return page(context, f"/why?message={quote(gmail_id, safe='')}")


def why_menu(gmail_id: str, context: CardContext) -> list[Json]:
    """The entry of the card's menu."""
    return [menu_item("Why is this here?", why_page(gmail_id, context))]
