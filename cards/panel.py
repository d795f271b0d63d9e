"""The card for the open email, whichever of the cases it is."""

from backend.domain.summaries.panel import (
    InternalThread,
    KnownPerson,
    MessagePanel,
    NeverLogged,
    UnknownPerson,
)
from cards.card_context import CardContext
from cards.clicks import Json
from cards.internal import internal_card
from cards.message import message_card
from cards.never import never_card
from cards.unknown import unknown_card


def panel_card(panel: MessagePanel, context: CardContext) -> Json:
    """The card of each case."""
    match panel:
        case KnownPerson():
            return message_card(panel, context)
        case UnknownPerson():
            return unknown_card(panel, context)
        case InternalThread():
            return internal_card(panel, context)
        case NeverLogged():
            return never_card(panel, context)
