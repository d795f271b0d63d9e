"""What a tap leads to: a call of ours, or a page.

Separate from the widgets because rows, buttons, switches and menus share it.
"""

from cards.calls import Call
from cards.card_context import CardContext

Json = dict[str, object]
CONNECT_PAGE = "/connect"
"""Connects Gmail in a window of its own that closes itself when that is done."""


def action(
    context: CardContext,
    call: Call,
    parameters: dict[str, str] | None = None,
    *,
    required: tuple[str, ...] = (),
) -> Json:
    """An action with the nonce of its button. `required` inputs block the tap until filled."""
    values = {
        "nonce": context.click_nonce(call),
        "note_field": context.note_field,
        **(parameters or {}),
    }
    found: Json = {
        "function": context.function(call),
        "parameters": [{"key": key, "value": value} for key, value in values.items()],
        "loadIndicator": "SPINNER",
    }
    return {**found, "requiredWidgets": list(required)} if required else found


def call(
    context: CardContext,
    what: Call,
    parameters: dict[str, str] | None = None,
    *,
    required: tuple[str, ...] = (),
) -> Json:
    """An onClick that calls us."""
    return {"action": action(context, what, parameters, required=required)}


def page(context: CardContext, path: str) -> Json:
    """An onClick that opens a page of the console."""
    return {"openLink": {"url": context.page(path)}}


def overlay(context: CardContext, path: str) -> Json:
    """An onClick for something to be done in a window: the card is drawn anew when it closes.

    Gmail sees only windows closing whose pages all let it: the path has to be made for that.
    """
    url = context.page(path)
    return {"openLink": {"url": url, "openAs": "OVERLAY", "onClose": "RELOAD"}}
