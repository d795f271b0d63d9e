"""The rep's Smart BCC address on the home card, with and without a connected mailbox."""

from backend.domain.summaries.panel import HomePanel
from cards.card_context import CardContext
from cards.clicks import Json, page
from cards.text import plain
from cards.widgets import Row, button, known_icon

SETTINGS_PAGE = "/settings/email#smart-bcc"


def smart_bcc_rows(panel: HomePanel, context: CardContext) -> list[Json]:
    """The address, and the page with its Copy button: a card cannot copy by itself."""
    if not panel.smart_bcc:
        return []
    row = Row(
        icon=known_icon("EMAIL", "Smart BCC"),
        top="Smart BCC",
        text=plain(panel.smart_bcc),
        bottom="Put it into Bcc, from any mail program, and the email is logged.",
        button=button("Copy", page(context, SETTINGS_PAGE)),
        wrap=True,
    )
    return [row.widget()]
