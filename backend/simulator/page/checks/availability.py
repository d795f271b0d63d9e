"""Parts of Google's types that Gmail's side panel does not show: Chat's fields, and the like.

A table of the documentation's remarks.
"""

from collections.abc import Iterator
from typing import Final

from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, wrong
from backend.simulator.page.checks.place import Place, Spot

CHAT_ONLY: Final = frozenset(
    {
        *("Widget.carousel", "Widget.horizontalAlignment", "TextParagraph.textSyntax"),
        *("DecoratedText.topLabelText", "DecoratedText.contentText"),
        *("DecoratedText.bottomLabelText", "DecoratedText.startIconVerticalAlignment"),
        *("Icon.materialIcon", "Button.type", "Action.interaction", "TextInput.placeholderText"),
        *("SelectionInput.externalDataSource", "SelectionInput.platformDataSource"),
        "Column.horizontalAlignment",
    }
)

KNOWN_ICONS: Final = frozenset(
    {
        *("AIRPLANE", "BOOKMARK", "BUS", "CAR"),
        *("CLOCK", "CONFIRMATION_NUMBER_ICON", "DESCRIPTION", "DOLLAR"),
        *("EMAIL", "EVENT_SEAT", "FLIGHT_ARRIVAL", "FLIGHT_DEPARTURE"),
        *("HOTEL", "HOTEL_ROOM_TYPE", "INVITE", "MAP_PIN"),
        *("MEMBERSHIP", "MULTIPLE_PEOPLE", "PERSON", "PHONE"),
        *("RESTAURANT_ICON", "SHOPPING_CART", "STAR", "STORE"),
        "TICKET",
        "TRAIN",
        "VIDEO_CAMERA",
        "VIDEO_PLAY",
    }
)


def check_availability(part: Part, place: Place) -> Iterator[Finding]:
    """Fields of one message that this place does not show."""
    for name in part.fields:
        if f"{part.kind}.{name}" in CHAT_ONLY:
            yield wrong(f"{part.path}.{name}", f"{name} is documented for Google Chat only.")
    match part.kind:
        case "Widget" if "columns" in part.fields and place.spot is not Spot.COMPOSE:
            text = "Columns are shown in the compose dialog only."
            yield wrong(f"{part.path}.columns", text)
        case "Icon":
            yield from _icon(part)
        case "Action" if part.fields.get("interaction") == "OPEN_DIALOG":
            yield wrong(part.path, "OPEN_DIALOG makes an add-on's whole card disappear.")
        case "Card":
            yield from _peek(part, place)
        case "Validation" if part.fields.get("inputType") == "EMOJI_PICKER":
            yield wrong(f"{part.path}.inputType", "EMOJI_PICKER is for Google Chat only.")
        case _:
            pass


def _icon(part: Part) -> Iterator[Finding]:
    name = part.fields.get("knownIcon")
    if name and name not in KNOWN_ICONS:
        yield wrong(f"{part.path}.knownIcon", f"Google has no icon named {name}.")


def _peek(part: Part, place: Place) -> Iterator[Finding]:
    for name in ("displayStyle", "peekCardHeader"):
        if name in part.fields and place.spot is not Spot.MESSAGE:
            yield wrong(f"{part.path}.{name}", f"{name} is for cards of an open message only.")
