"""What Gmail opens by itself: the home card, and the card beside an email."""

from addon.addon_request import AddonRequest
from addon.responses import opened
from backend.queries.home import home_panel
from backend.queries.panel.message import open_message
from cards.clicks import Json
from cards.home import home_card
from cards.panel import panel_card


def home(request: AddonRequest) -> Json:
    """The add-on was opened without an email."""
    return opened(home_card(home_panel(request.deps, request.actor), request.context))


def message(request: AddonRequest) -> Json:
    """An email was opened."""
    shown = open_message(request.deps, request.actor, request.opened)
    return opened(panel_card(shown, request.context))
