"""onClick actions: a call to our backend, or a page.

Rows, buttons, switches and menus share them.
"""

from cards.calls import Call
from cards.card_context import CardContext

Json = dict[str, object]
CONNECT_PAGE = "/connect"
"""Connects Gmail in a separate window that closes itself when done."""


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
    built: Json = {
        "function": context.function(call),
        "parameters": [{"key": key, "value": value} for key, value in values.items()],
        "loadIndicator": "SPINNER",
    }
    return {**built, "requiredWidgets": list(required)} if required else built


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
    """An onClick that opens a window; the card is reloaded when it closes. Gmail notices the close
    only if every page in the window permits it (opener policy), so `path` must be made for that.
    """
    url = context.page(path)
    return {"openLink": {"url": url, "openAs": "OVERLAY", "onClose": "RELOAD"}}
