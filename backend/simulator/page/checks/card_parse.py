"""Parses a card with Google's own types, strictly, and serialises it in canonical form.

The only place that knows the package `google-apps-card`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from google.apps import card_v1
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from backend.simulator.page.checks.findings import Finding, Json, refused

CARD: Descriptor = card_v1.Card.pb().DESCRIPTOR
_NESTED = re.compile(r"^(Failed to parse \w+ field: )+")
_UNKNOWN = re.compile(r'Message type "([\w.]+)" has no field named "([^"]+)"')


@dataclass(frozen=True)
class Part:
    """One message inside a card: its type's name, its fields, and its path."""

    kind: str
    fields: Json
    path: str


def parse_card(card: object, path: str) -> tuple[Json | None, list[Finding]]:
    """The card in canonical spelling, or what Google's parser has against it."""
    if not isinstance(card, dict):
        return None, [refused(path, "A card must be an object.")]
    message = card_v1.Card.pb()()
    try:
        json_format.ParseDict(card, message, ignore_unknown_fields=False)
    except json_format.ParseError as error:
        return None, [refused(path, _in_googles_words(str(error)))]
    except (TypeError, ValueError, RecursionError) as error:
        return None, [refused(path, f"Cannot parse the card: {error}")]
    canonical: Json = json_format.MessageToDict(message)
    return canonical, []


def cards_within(card: Json, path: str) -> Iterator[tuple[Json, str]]:
    """The card, and every card that a click on it would push without asking the add-on."""
    yield card, path
    for part in parts_of(card, path):
        pushed = part.fields.get("card")
        if part.kind == "OnClick" and isinstance(pushed, dict):
            yield from cards_within(pushed, f"{part.path}.card")


def parts_of(card: Json, path: str) -> Iterator[Part]:
    """Every message of a canonical card, outermost first, without the cards inside it."""
    yield from _walk(card, CARD, path)


def _walk(fields: Json, descriptor: Descriptor, path: str) -> Iterator[Part]:
    yield Part(descriptor.name, fields, path)
    for name, value in fields.items():
        field = _field(descriptor, name)
        if field is None or field.message_type in {None, CARD}:
            continue
        if isinstance(value, list):
            for index, one in enumerate(value):
                yield from _walk(one, field.message_type, f"{path}.{name}[{index}]")
        elif isinstance(value, dict):
            yield from _walk(value, field.message_type, f"{path}.{name}")


def _field(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    for field in descriptor.fields:
        if field.json_name == name:
            return field
    return None


def _in_googles_words(text: str) -> str:
    found = _UNKNOWN.search(text)
    if found:
        where = text[found.end() :].partition(' at "')[2].partition('"')[0]
        return f"Cannot find field: {found[2]} in message {found[1]}" + (
            f" (at {where})" if where else ""
        )
    return _NESTED.sub("", text.splitlines()[0])
