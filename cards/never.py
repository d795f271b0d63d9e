"""C-6, what is never logged: the never-log entry that covers it, or another reason."""

from backend.domain.summaries.panel import NeverLogged
from cards.calls import Call
from cards.card_context import CardContext
from cards.clicks import Json, call
from cards.text import plain
from cards.why import why_menu
from cards.widgets import Row, button, card, footer, own_icon, section


def never_card(panel: NeverLogged, context: CardContext) -> Json:
    """The entry, and "Log this one" where that is allowed."""
    row = Row(icon=own_icon(context, "lock", "Never log"), text=plain(panel.sentence), wrap=True)
    log = button(
        "Log this one", call(context, Call.LOG, {"message": panel.gmail_id, "anyway": "yes"})
    )
    return card(
        panel.title,
        panel.subtitle,
        [section([row.widget()])],
        foot=footer(log) if panel.may_log_anyway else None,
        menu=why_menu(panel.gmail_id, context),
    )
