"""What fits the side panel, which is 300 pixels wide, and what Google's style guide advises.

None of it is refused anywhere: these are measurements and taste. The figures were measured in a 300
px panel; beyond them a text is cut off or wraps.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, Json, advice

TITLE, SUBTITLE, TOP_LABEL, BUTTON, FOOTER_BUTTONS = 34, 46, 41, 14, 26
TEXT_BARE, TEXT_ICON, TEXT_SWITCH, TEXT_ICON_BUTTON = 40, 35, 31, 22
BUTTONS_IN_A_ROW: Final = 3
MENU_ENTRIES: Final = 5
SECTIONS: Final = 5
_TAG = re.compile(r"<[^>]*>")


def check_style(part: Part) -> Iterator[Finding]:
    """Advice about one message of a card."""
    match part.kind:
        case "Card":
            yield from _card(part)
        case "CardHeader":
            yield from _too_long(part, "title", TITLE)
            yield from _too_long(part, "subtitle", SUBTITLE)
        case "DecoratedText":
            yield from _decorated(part)
        case "ButtonList":
            yield from _buttons(part)
        case "CardFixedFooter":
            yield from _footer(part)
        case "Image" | "Icon" | "ImageComponent" if not part.fields.get("altText"):
            yield advice(f"{part.path}.altText", "Say what the picture shows, for screen readers.")
        case _:
            pass


def visible(markup: object) -> str:
    """What a reader sees of a marked-up text.

    >>> visible("<b>Healthy</b>, 82 &amp; up")
    'Healthy, 82 & up'
    """
    return html.unescape(_TAG.sub("", str(markup or "")))


def _card(part: Part) -> Iterator[Finding]:
    for name, most, what in (
        ("sections", SECTIONS, "sections"),
        ("cardActions", MENU_ENTRIES, "menu entries"),
    ):
        several = part.fields.get(name)
        if isinstance(several, list) and len(several) > most:
            yield advice(f"{part.path}.{name}", f"{len(several)} {what}; {most} are readable.")


def _decorated(part: Part) -> Iterator[Finding]:
    yield from _too_long(part, "topLabel", TOP_LABEL)
    if not part.fields.get("wrapText"):
        yield from _too_long(part, "text", _budget(part.fields))


def _budget(fields: Json) -> int:
    has_icon = bool(fields.get("startIcon") or fields.get("icon"))
    if fields.get("button"):
        return TEXT_ICON_BUTTON if has_icon else TEXT_SWITCH
    if fields.get("switchControl"):
        return TEXT_SWITCH
    return TEXT_ICON if has_icon else TEXT_BARE


def _buttons(part: Part) -> Iterator[Finding]:
    buttons = part.fields.get("buttons")
    if not isinstance(buttons, list):
        return
    if len(buttons) > BUTTONS_IN_A_ROW:
        yield advice(part.path, f"{len(buttons)} buttons in a row; {BUTTONS_IN_A_ROW} fit.")


def _footer(part: Part) -> Iterator[Finding]:
    texts = [
        str(button.get("text", ""))
        for button in (part.fields.get("primaryButton"), part.fields.get("secondaryButton"))
        if isinstance(button, dict)
    ]
    length = sum(map(len, texts))
    if length > FOOTER_BUTTONS:
        text = f"Both buttons have {length} characters; {FOOTER_BUTTONS} fit side by side."
        yield advice(part.path, text)


def _too_long(part: Part, name: str, most: int) -> Iterator[Finding]:
    length = len(visible(part.fields.get(name)))
    if length > most:
        text = f"{length} characters; {most} fit in a 300 px panel."
        yield advice(f"{part.path}.{name}", text)
