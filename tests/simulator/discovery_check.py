"""Checks HTTP exchanges against Google's own description of its API: an independent yardstick.

The author of a stand-in writes their misunderstandings into it, and tests agree with both. The
discovery documents inside google-api-python-client were written by Google. This check sees unknown
members, wrong types, numbers out of range and members that are always there; it cannot see meaning.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import googleapiclient

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")
UPLOAD_ONLY = frozenset({"upload_id", "uploadType"})
# The documents say `required` nowhere. What Gmail always sends, by schema.
ALWAYS_THERE = {
    "Message": ("id", "threadId"),
    "Thread": ("id",),
    "Draft": ("id",),
    "Profile": ("emailAddress", "historyId", "messagesTotal", "threadsTotal"),
    "Label": ("id", "name"),
    "History": ("id",),
    "ListHistoryResponse": ("historyId",),
    "ListMessagesResponse": ("resultSizeEstimate",),
    "WatchResponse": ("historyId", "expiration"),
    "MessagePartBody": ("size",),
    "SendAs": ("sendAsEmail",),
}


@dataclass(frozen=True)
class Exchange:
    """One call and its answer. Header names lower-case."""

    verb: str
    path: str
    query: Mapping[str, list[str]]
    status: int
    request_body: bytes = b""
    response_body: bytes = b""
    request_headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """One method of the document, with every path it is called at."""

    id: str
    verb: str
    patterns: tuple[re.Pattern[str], ...]
    parameters: Mapping[str, Mapping[str, Any]]
    request: str | None
    response: str | None


class Discovery:
    """A discovery document, indexed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Mapping[str, Any]] = document["schemas"]
        self._globals: Mapping[str, Mapping[str, Any]] = document["parameters"]
        self.methods = list(_methods(document, document["servicePath"]))

    def method_of(self, verb: str, path: str, *, is_piece: bool = False) -> Method | None:
        """The one method of a call; two would be a mistake of this check.

        A piece of a resumable upload is PUT whatever the method's own verb is.
        """
        found = [
            method
            for method in self.methods
            if (method.verb == verb or is_piece)
            and any(one.fullmatch(path) for one in method.patterns)
        ]
        assert len(found) < 2, f"{verb} {path} is {[one.id for one in found]}"
        return found[0] if found else None

    def check(self, exchange: Exchange) -> list[str]:
        """Everything wrong with one exchange, each with its place."""
        here = f"{exchange.verb} {exchange.path}"
        if exchange.status == 308:
            return []  # a piece of a resumable upload was taken
        if not 200 <= exchange.status < 300:
            return [f"{here}: {one}" for one in _check_error(exchange)]
        is_piece = exchange.verb == "PUT" and "upload_id" in exchange.query
        method = self.method_of(exchange.verb, exchange.path, is_piece=is_piece)
        if method is None:
            return [f"{here}: Google has no such method"]
        if "location" in exchange.response_headers and not exchange.response_body:
            return []  # a resumable upload was opened
        found = [*self._check_query(method, exchange), *self._check_request(method, exchange)]
        return [f"{here}: {one}" for one in [*found, *self._check_answer(method, exchange)]]

    def check_value(self, schema: str, value: object, *, partial: bool = False) -> list[str]:
        """Everything wrong with a value of a named schema, as an answer."""
        return list(self._value({"$ref": schema}, value, "$", strict=not partial))

    def _check_query(self, method: Method, exchange: Exchange) -> Iterator[str]:
        for name, values in exchange.query.items():
            known = method.parameters.get(name) or self._globals.get(name)
            if known is None or known.get("location") != "query":
                if name not in UPLOAD_ONLY:
                    yield f"parameter {name} is unknown to {method.id}"
                continue
            if len(values) > 1 and not known.get("repeated"):
                yield f"parameter {name} is given {len(values)} times"
            for value in values:
                yield from _check_parameter(name, value, known)

    def _check_request(self, method: Method, exchange: Exchange) -> Iterator[str]:
        kind = exchange.request_headers.get("content-type", "").partition(";")[0]
        if not exchange.request_body or kind != "application/json":
            return
        if method.request is None:
            if json.loads(exchange.request_body):
                yield f"{method.id} takes no body"
            return
        body = json.loads(exchange.request_body)
        yield from self._value({"$ref": method.request}, body, "request", strict=False)

    def _check_answer(self, method: Method, exchange: Exchange) -> Iterator[str]:
        if method.response is None:
            if exchange.response_body:
                yield f"{method.id} answers nothing, not {len(exchange.response_body)} bytes"
            return
        try:
            body = json.loads(exchange.response_body)
        except ValueError:
            yield "the answer is no JSON"
            return
        strict = "fields" not in exchange.query
        yield from self._value({"$ref": method.response}, body, "$", strict=strict)

    def _value(
        self, schema: Mapping[str, Any], value: object, place: str, *, strict: bool
    ) -> Iterator[str]:
        name = schema.get("$ref", "")
        schema = self._schemas[name] if name else schema
        match schema.get("type", "any"):
            case "object":
                yield from self._object(schema, value, place, strict=strict)
                if strict and isinstance(value, dict):
                    missing = [one for one in ALWAYS_THERE.get(name, ()) if one not in value]
                    yield from (f"{place}.{one} is missing" for one in missing)
            case "array":
                yield from self._array(schema, value, place, strict=strict)
            case "any":
                return
            case _:
                yield from _check_scalar(schema, value, place)

    def _object(
        self, schema: Mapping[str, Any], value: object, place: str, *, strict: bool
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: {value!r} is no object"
            return
        known = schema.get("properties", {})
        for name, member in value.items():
            inner = known.get(name) or schema.get("additionalProperties")
            if inner is None:
                yield f"{place}.{name} is not in Google's schema {schema.get('id', '')}"
            else:
                yield from self._value(inner, member, f"{place}.{name}", strict=strict)

    def _array(
        self, schema: Mapping[str, Any], value: object, place: str, *, strict: bool
    ) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: {value!r} is no array"
            return
        if strict and not value:
            yield f"{place} is an empty array, which Google leaves out"
        for number, item in enumerate(value):
            yield from self._value(schema["items"], item, f"{place}[{number}]", strict=strict)


def gmail() -> Discovery:
    return Discovery(json.loads((DOCUMENTS / "gmail.v1.json").read_text(encoding="utf-8")))


def _methods(node: Mapping[str, Any], service_path: str) -> Iterator[Method]:
    for found in node.get("methods", {}).values():
        paths = [f"/{service_path}{found['path']}"]
        protocols = found.get("mediaUpload", {}).get("protocols", {})
        paths += [protocol["path"] for protocol in protocols.values()]
        yield Method(
            id=found["id"],
            verb=found["httpMethod"],
            patterns=tuple(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in paths),
            parameters=found.get("parameters", {}),
            request=found.get("request", {}).get("$ref"),
            response=found.get("response", {}).get("$ref"),
        )
    for inner in node.get("resources", {}).values():
        yield from _methods(inner, service_path)


def _check_parameter(name: str, value: str, known: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in known and value not in known["enum"]:
        yield f"parameter {name}: {value!r} is none of {known['enum']}"
    if known["type"] == "boolean" and value not in {"true", "false"}:
        yield f"parameter {name}: {value!r} is no boolean"
    if known.get("format") in RANGES:
        low, high = RANGES[known["format"]]
        if re.fullmatch(r"-?\d+", value) is None or not low <= int(value) <= high:
            yield f"parameter {name}: {value!r} is no {known['format']}"


def _check_scalar(schema: Mapping[str, Any], value: object, place: str) -> Iterator[str]:
    kind, form = schema["type"], schema.get("format", "")
    if kind == "boolean":
        if not isinstance(value, bool):
            yield f"{place}: {value!r} is no boolean"
    elif kind in {"integer", "number"}:
        low, high = RANGES.get(form, (float("-inf"), float("inf")))
        allowed = int if kind == "integer" else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed) or not low <= value <= high:
            yield f"{place}: {value!r} is no {form or kind}"
    elif not isinstance(value, str):
        yield f"{place}: {value!r} is no string"
    else:
        yield from _check_text(schema, value, place)


def _check_text(schema: Mapping[str, Any], value: str, place: str) -> Iterator[str]:
    form = schema.get("format", "")
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of {schema['enum']}"
    if form in {"int64", "uint64"}:
        low, high = RANGES[form]
        if re.fullmatch(r"-?\d+", value) is None or not low <= int(value) <= high:
            yield f"{place}: {value!r} is no {form}"
    if form == "byte" and not _is_base64url(value):
        yield f"{place} is no base64url"
    if form in {"google-datetime", "date-time"} and not _is_moment(value):
        yield f"{place}: {value!r} is no moment"


def _is_base64url(value: str) -> bool:
    try:
        base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except binascii.Error:
        return False
    return BASE64URL.fullmatch(value) is not None


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _check_error(exchange: Exchange) -> Iterator[str]:
    """Google's error body: code, message, status, and a first error with its reason."""
    try:
        error = json.loads(exchange.response_body)["error"]
        shown = (error["code"], error["message"], error["status"], error["errors"][0]["reason"])
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        yield f"the error body of {exchange.status} is not Google's: {problem!r}"
        return
    if shown[0] != exchange.status or not all(shown):
        yield f"the error body of {exchange.status} says {shown}"
