"""Fields that a card must carry though the parser allows them to be missing.

The reference's asterisks, as a table.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, Json, wrong

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "Card": ("sections",),
    "CardHeader": ("title",),
    "Section": ("widgets",),
    "TextParagraph": ("text",),
    "DecoratedText": ("text",),
    "Image": ("imageUrl",),
    "ImageComponent": ("imageUri",),
    "ImageCropStyle": ("type",),
    "BorderStyle": ("type",),
    "Button": ("onClick",),
    "OpenLink": ("url",),
    "Action": ("function",),
    "OverflowMenu": ("items",),
    "OverflowMenuItem": ("onClick", "text"),
    "TextInput": ("name",),
    "SelectionInput": ("name",),
    "DateTimePicker": ("name",),
    "SwitchControl": ("name",),
    "CardAction": ("actionLabel", "onClick"),
}


def check_required(part: Part) -> Iterator[Finding]:
    """What is missing from one message of a card."""
    for name in REQUIRED.get(part.kind, ()):
        if not part.fields.get(name):
            yield wrong(f"{part.path}.{name}", f"{part.kind} needs {name}.")
    rule = _RULES.get(part.kind)
    if rule is not None:
        yield from rule(part)


def _widget(part: Part) -> Iterator[Finding]:
    if not set(part.fields) - {"horizontalAlignment"}:
        yield wrong(part.path, "This widget is empty.")


def _button(part: Part) -> Iterator[Finding]:
    if not part.fields.get("text") and not part.fields.get("icon"):
        yield wrong(part.path, "A button needs text or an icon.")


def _text_input(part: Part) -> Iterator[Finding]:
    if not part.fields.get("label") and not part.fields.get("hintText"):
        yield wrong(part.path, "A text input needs a label or a hint.")


def _on_click(part: Part) -> Iterator[Finding]:
    if not part.fields:
        yield wrong(part.path, "onClick leads nowhere.")


def _footer(part: Part) -> Iterator[Finding]:
    if "primaryButton" not in part.fields:
        yield wrong(f"{part.path}.primaryButton", "A fixed footer needs a primary button.")
    for name in ("primaryButton", "secondaryButton"):
        button = part.fields.get(name)
        if isinstance(button, dict):
            yield from _footer_button(button, f"{part.path}.{name}")


def _footer_button(button: Json, path: str) -> Iterator[Finding]:
    for name in ("text", "color"):
        if not button.get(name):
            yield wrong(f"{path}.{name}", f"A button of the fixed footer needs {name}.")


def _collapse(part: Part) -> Iterator[Finding]:
    if not {"expandButton", "collapseButton"} <= set(part.fields):
        yield wrong(part.path, "collapseControl needs both expandButton and collapseButton.")


def _section(part: Part) -> Iterator[Finding]:
    if part.fields.get("uncollapsibleWidgetsCount") and not part.fields.get("collapsible"):
        text = "uncollapsibleWidgetsCount counts only with collapsible."
        yield wrong(f"{part.path}.uncollapsibleWidgetsCount", text)


_RULES: Final[Mapping[str, Callable[[Part], Iterator[Finding]]]] = {
    "Widget": _widget,
    "Button": _button,
    "TextInput": _text_input,
    "OnClick": _on_click,
    "CardFixedFooter": _footer,
    "CollapseControl": _collapse,
    "Section": _section,
}
