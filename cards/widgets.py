"""The widgets our cards use, as Google's card JSON. Only those that Gmail's side panel really
draws.

With these, each card reads as its own table of contents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from cards.card_context import CardContext
from cards.clicks import Json
from cards.text import SUBTITLE, TITLE, Markup, cut

PRIMARY = {"red": 0.059, "green": 0.463, "blue": 0.431}
"""The product's teal, #0f766e, as Google writes colours."""

RECENT_SHOWN = 2


@dataclass(frozen=True, kw_only=True)
class Row:
    """A decorated text, with a button, a switch or neither. Labels are plain, `text` is markup."""

    text: Markup
    icon: Json | None = None
    top: str = ""
    bottom: str = ""
    button: Json | None = None
    switch: Json | None = None
    on_click: Json | None = None
    wrap: bool = False

    def widget(self) -> Json:
        """The row as a widget."""
        parts: Json = {
            "startIcon": self.icon,
            "topLabel": self.top,
            "text": self.text,
            "bottomLabel": self.bottom,
            "wrapText": self.wrap,
            "button": self.button,
            "switchControl": self.switch,
            "onClick": self.on_click,
        }
        return {"decoratedText": {key: value for key, value in parts.items() if value}}


def known_icon(name: str, alt: str) -> Json:
    """One of Google's own icons."""
    return {"knownIcon": name, "altText": alt}


def own_icon(context: CardContext, name: str, alt: str) -> Json:
    """One of our images, where Google has no icon."""
    return {"iconUrl": context.image(name), "altText": alt}


def paragraph(text: Markup) -> Json:
    """Running text."""
    return {"textParagraph": {"text": text}}


def button(text: str, on_click: Json) -> Json:
    """An outlined button."""
    return {"text": text, "onClick": on_click}


def buttons(*several: Json) -> Json:
    """Buttons in a row, three at most."""
    return {"buttonList": {"buttons": list(several)}}


def text_input(
    name: str, label: str, *, value: str = "", hint: str = "", extra: Json | None = None
) -> Json:
    """A field to type in. `extra` holds the rarer properties."""
    parts: Json = {"name": name, "label": label, "value": value, "hintText": hint}
    return {"textInput": {key: text for key, text in parts.items() if text} | (extra or {})}


def dropdown(name: str, label: str, choices: Sequence[tuple[str, str]]) -> Json:
    """Exactly one of several, given as (value, text); the first is chosen."""
    return _choice(name, label, choices, "DROPDOWN")


def radio(name: str, label: str, choices: Sequence[tuple[str, str]]) -> Json:
    """Exactly one of a few, all visible; the first is chosen."""
    return _choice(name, label, choices, "RADIO_BUTTON")


def _choice(name: str, label: str, choices: Sequence[tuple[str, str]], kind: str) -> Json:
    items = [
        {"text": text, "value": value, "selected": index == 0}
        for index, (value, text) in enumerate(choices)
    ]
    return {"selectionInput": {"name": name, "label": label, "type": kind, "items": items}}


def ticked(name: str, text: str) -> Json:
    """A box that is ticked. Unticked, it is absent from the event."""
    item = {"text": text, "value": "yes", "selected": True}
    return {"selectionInput": {"name": name, "type": "CHECK_BOX", "items": [item]}}


def unticked(name: str, text: str) -> Json:
    """A box that is not ticked."""
    item = {"text": text, "value": "yes", "selected": False}
    return {"selectionInput": {"name": name, "type": "CHECK_BOX", "items": [item]}}


def date_field(name: str, label: str, day: date) -> Json:
    """A field for a day, filled in. Google counts days in milliseconds of UTC."""
    midnight = datetime.combine(day, time(), UTC)
    value = str(int(midnight.timestamp() * 1000))
    parts: Json = {"name": name, "label": label, "type": "DATE_ONLY", "valueMsEpoch": value}
    return {"dateTimePicker": parts}


def section(widgets: Iterable[Json], *, header: str = "", shown: int | None = None) -> Json:
    """A section. With `shown`, widgets beyond that number are collapsed."""
    listed = list(widgets)
    built: Json = {"header": header, "widgets": listed} if header else {"widgets": listed}
    if shown is None or len(listed) <= shown:
        return built
    return {**built, "collapsible": True, "uncollapsibleWidgetsCount": shown}


def menu_item(label: str, on_click: Json) -> Json:
    """One entry of the card's own menu."""
    return {"actionLabel": label, "onClick": on_click}


def footer(primary: Json, secondary: Json | None = None) -> Json:
    """The buttons that stay visible. Google requires text and colour on both."""
    built: Json = {"primaryButton": {**primary, "color": PRIMARY}}
    if secondary is not None:
        built["secondaryButton"] = {**secondary, "color": PRIMARY}
    return built


def card(
    title: str,
    subtitle: str,
    sections: Sequence[Json],
    *,
    foot: Json | None = None,
    menu: Sequence[Json] = (),
) -> Json:
    """A card. Sections without widgets are left out."""
    header = {"title": cut(title, TITLE), "subtitle": cut(subtitle, SUBTITLE)}
    built: Json = {
        "header": {key: text for key, text in header.items() if text},
        "sections": [one for one in sections if one["widgets"]],
    }
    more: Json = {"fixedFooter": foot, "cardActions": list(menu)}
    return built | {key: value for key, value in more.items() if value}
