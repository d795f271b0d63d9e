"""What Google demands of an answer beyond its parser: a list of findings, empty when all is well.

Google's own types (google-apps-card) refuse unknown names and wrong types; they accept missing
required fields, function names instead of addresses, and fields that only Chat draws. The lists
here are from the reference of google.apps.card.v1.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from google.apps import card_v1
from google.protobuf import json_format

MAX_WIDGETS = 100
LOOPBACK = {"127.0.0.1", "localhost"}

REQUIRED: dict[str, tuple[str, ...]] = {
    "decoratedText": ("text",),
    "textParagraph": ("text",),
    "textInput": ("name",),
    "selectionInput": ("name",),
    "dateTimePicker": ("name",),
    "image": ("imageUrl",),
    "openLink": ("url",),
    "overflowMenu": ("items",),
    "header": ("title",),
    "peekCardHeader": ("title",),
    "fixedFooter": ("primaryButton",),
}
ONLY_IN_CHAT = {
    "carousel", "horizontalAlignment", "textSyntax", "bottomLabelText", "contentText",
    "topLabelText", "startIconVerticalAlignment", "materialIcon", "placeholderText", "interaction",
    "externalDataSource", "platformDataSource", "expressionData", "eventActions", "visibility",
    "hostAppDataSource", "dataSourceConfigs", "columns",
}  # fmt: skip
ON_CLICK = {"action", "openLink", "openDynamicLinkAction", "card", "overflowMenu"}
INPUTS = ("textInput", "selectionInput", "dateTimePicker")


def findings(kind: str, answer: dict[str, Any]) -> list[str]:
    """Everything wrong with a whole answer to a trigger, an action or an autocomplete call."""
    if kind == "autocomplete":
        return list(_autocomplete(answer))
    found = list(_envelope(kind, answer))
    for card in cards_in(kind, answer):
        found += card_findings(card)
    return found


def card_findings(card: dict[str, Any]) -> list[str]:
    return [*_parsed(card), *_structure(card), *_walk(card, "card")]


def cards_in(kind: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    root = answer if kind == "trigger" else answer.get("renderActions", {})
    steps = root.get("action", {}).get("navigations", [])
    return [card for step in steps for key, card in step.items() if key.endswith("Card")]


def _envelope(kind: str, answer: dict[str, Any]) -> Iterator[str]:
    allowed = {"action"} if kind == "trigger" else {"renderActions", "stateChanged"}
    if set(answer) - allowed:
        yield f"Cannot find field: {sorted(set(answer) - allowed)} in the answer to a {kind}"
    root = answer if kind == "trigger" else answer.get("renderActions", {})
    action = root.get("action", {})
    if set(action) - {"navigations", "notification", "link"} or not action:
        yield f"an action holds {sorted(action)}"
    steps = action.get("navigations", [])
    if kind == "trigger" and [list(step) for step in steps] != [["pushCard"]]:
        yield "a trigger pushes one card"
    yield from (f"{step} is not one move" for step in steps if len(step) != 1)


def _autocomplete(answer: dict[str, Any]) -> Iterator[str]:
    items = answer.get("autoComplete", {}).get("items")
    if set(answer) != {"autoComplete"} or not isinstance(items, list):
        yield "suggestions stand in autoComplete.items"
        return
    yield from (f"{item} is no suggestion" for item in items if set(item) != {"text"})


def _parsed(card: dict[str, Any]) -> Iterator[str]:
    try:
        json_format.ParseDict(card, card_v1.Card.pb(card_v1.Card()))
    except json_format.ParseError as error:
        yield str(error)


def _structure(card: dict[str, Any]) -> Iterator[str]:
    sections = card.get("sections", [])
    widgets = [widget for section in sections for widget in section.get("widgets", [])]
    if not sections:
        yield "a card without sections"
    yield from ("a section without widgets" for one in sections if not one.get("widgets"))
    if len(widgets) > MAX_WIDGETS:
        yield f"{len(widgets)} widgets"
    names = [widget[kind]["name"] for widget in widgets for kind in INPUTS if kind in widget]
    if len(names) != len(set(names)):
        yield f"an input name stands twice: {names}"
    for button in card.get("fixedFooter", {}).values():
        if not button.get("text") or not button.get("color"):
            yield "a footer button needs text and colour"


def _walk(node: dict[str, Any], path: str) -> Iterator[str]:
    for key, value in node.items():
        here = f"{path}.{key}"
        if key in ONLY_IN_CHAT:
            yield f"{here} is not for the side panel"
        if isinstance(value, dict):
            yield from _object(key, value, here)
            yield from _walk(value, here)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if key == "buttons" or (key == "items" and "onClick" in item):
                yield from _button(item, f"{here}[{index}]")
            if isinstance(item, dict):
                yield from _walk(item, f"{here}[{index}]")


def _object(key: str, value: dict[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path} has no {one}" for one in REQUIRED.get(key, ()) if not value.get(one))
    if key in {"button", "primaryButton", "secondaryButton"}:
        yield from _button(value, path)
    if key == "onClick" and len(ON_CLICK & set(value)) != 1:
        yield f"{path} leads to {sorted(value)}"
    if key == "openLink":
        yield from _address(value.get("url", ""), path)
    if key == "textInput" and not (value.get("label") or value.get("hintText")):
        yield f"{path} has neither label nor hint"
    if key == "action" or key.endswith("Action"):
        yield from _action(value, path)
    if key in {"startIcon", "endIcon", "icon"} and not value.get("altText"):
        yield f"{path} has no altText"


def _action(value: dict[str, Any], path: str) -> Iterator[str]:
    yield from _address(value.get("function", ""), path)
    for one in value.get("parameters", []):
        if not isinstance(one.get("value"), str):
            yield f"{path} parameter {one}"


def _button(button: dict[str, Any], path: str) -> Iterator[str]:
    if "onClick" not in button:
        yield f"{path} has no onClick"
    if not button.get("text") and not button.get("icon"):
        yield f"{path} has neither text nor icon"
    if "type" in button:
        yield f"{path}.type is not for the side panel"


def _address(url: str, path: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        yield f"{path} needs a whole https address, not {url!r}"
