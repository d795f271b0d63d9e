"""The parameters and body members that Gmail knows: Google refuses a call that has any other.

They are read from the description of Gmail that Google ships inside google-api-python-client, not
written down again. A misspelt name must not pass here only because nobody looks at it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import googleapiclient

from backend.simulator.gmail.call import Json
from backend.simulator.gmail.errors import unknown_name

DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache/documents/gmail.v1.json"
OF_UPLOADS = "upload_id"
"""Names a resumable upload; no document lists it."""

Schema = Mapping[str, object]


class _Method(TypedDict):
    id: str
    parameters: dict[str, object]
    request: NotRequired[dict[str, str]]


class _Node(TypedDict, total=False):
    methods: dict[str, _Method]
    resources: dict[str, "_Node"]


class _Document(_Node):
    parameters: dict[str, object]
    schemas: dict[str, Schema]


@dataclass(frozen=True)
class Description:
    """What is known by method: the names of its parameters, and the schema of its body."""

    parameters: Mapping[str, frozenset[str]]
    bodies: Mapping[str, str]
    schemas: Mapping[str, Schema]


def check_names(method: str, query: Mapping[str, list[str]], body: Json) -> None:
    """Refuse the first name that is not Google's, as Google does."""
    known = description()
    for name in query:
        if name not in known.parameters[method]:
            raise unknown_name(name, "", in_query=True)
    for name, place in _unknown({"$ref": known.bodies.get(method, "")}, body, ""):
        raise unknown_name(name, place, in_query=False)


@cache
def description() -> Description:
    """Read once."""
    document: _Document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    methods = {one["id"]: one for one in _methods(document)}
    everywhere = {*document["parameters"], OF_UPLOADS}
    return Description(
        {ident: frozenset({*one["parameters"], *everywhere}) for ident, one in methods.items()},
        {ident: one["request"]["$ref"] for ident, one in methods.items() if "request" in one},
        document["schemas"],
    )


def _methods(node: _Node) -> Iterator[_Method]:
    yield from node.get("methods", {}).values()
    for inner in node.get("resources", {}).values():
        yield from _methods(inner)


def _unknown(schema: Schema, value: object, place: str) -> Iterator[tuple[str, str]]:
    """(name, its path) of every member that is not in the schema."""
    name = str(schema.get("$ref", ""))
    schema = description().schemas.get(name, {}) if "$ref" in schema else schema
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for member, inner in value.items():
            if not isinstance(known, dict) or member not in known:
                yield member, place
            else:
                yield from _unknown(known[member], inner, f"{place}.{member}".lstrip("."))
    elif isinstance(value, list):
        items = schema.get("items", {})
        for number, inner in enumerate(value):
            if isinstance(items, dict):
                yield from _unknown(items, inner, f"{place}[{number}]")
