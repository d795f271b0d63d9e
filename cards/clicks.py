"""What a tap leads to: a call of ours, or a page.

Separate from the widgets because rows, buttons, switches and menus share it.
"""

from cards.calls import Call
from cards.drawing import Drawing

Json = dict[str, object]
CONNECT_PAGE = "/connect"
"""Connects Gmail in a window of its own that closes itself when that is done."""


def action(
    drawing: Drawing,
    call: Call,
    parameters: dict[str, str] | None = None,
    *,
    required: tuple[str, ...] = (),
) -> Json:
    """An action with the nonce of its button. `required` inputs block the tap until filled."""
    values = {
        "nonce": drawing.click_nonce(call),
        "note_field": drawing.note_field,
        **(parameters or {}),
    }
    found: Json = {
        "function": drawing.function(call),
        "parameters": [{"key": key, "value": value} for key, value in values.items()],
        "loadIndicator": "SPINNER",
    }
    return {**found, "requiredWidgets": list(required)} if required else found


def call(
    drawing: Drawing,
    what: Call,
    parameters: dict[str, str] | None = None,
    *,
    required: tuple[str, ...] = (),
) -> Json:
    """An onClick that calls us."""
    return {"action": action(drawing, what, parameters, required=required)}


def page(drawing: Drawing, path: str) -> Json:
    """An onClick that opens a page of the console."""
    return {"openLink": {"url": drawing.page(path)}}


def overlay(drawing: Drawing, path: str) -> Json:
    """An onClick for something to be done in a window: the card is drawn anew when it closes.

    Gmail sees only windows closing whose pages all let it: the path has to be made for that.
    """
    url = drawing.page(path)
    return {"openLink": {"url": url, "openAs": "OVERLAY", "onClose": "RELOAD"}}
