"""One resource of Gmail's `messages.get?format=full` to a `FetchedMessage`. Never raises.

Google's JSON ends here; HTTP is in `gmail`. It is the hot path of an import, so nothing here parses
MIME: Gmail sends the tree, and the domain chooses the body from it as it does for raw bytes.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.domain.mail.message import DeferredPart, FetchedMessage
from backend.domain.mail.mime.body import body_parts
from backend.domain.mail.mime.fields import MAX_VALUE_CHARS, Fields
from backend.domain.mail.mime.opening import is_container, is_signature
from backend.domain.mail.mime.transfer import RUN_TOGETHER, run_together
from backend.domain.mail.mime.tree import (
    MAX_DEPTH,
    MAX_HEADS,
    MAX_PARTS,
    Part,
    clean_filename,
    describe,
    divide,
    walk,
)
from backend.domain.mail.parse import MACHINE_TYPES, assemble

__all__ = ["DeferredPart", "FetchedMessage", "from_gmail_payload"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_FIELDS = 2000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]+")


@dataclass(slots=True)
class _Reading:
    """What one reading was given and counts up."""

    fetched: Mapping[str, bytes]
    parts: int = 0
    heads: int = 0
    defects: list[str] = field(default_factory=list)


def from_gmail_payload(
    resource: Mapping[str, Any], fetched: Mapping[str, bytes] | None = None
) -> FetchedMessage:
    """Read one resource. `fetched` holds decoded bytes by part id, for parts deferred last time."""
    reading = _Reading(fetched or {})
    payload = resource.get("payload")
    if not isinstance(payload, dict):
        reading.defects.append("no_payload")
        payload = {}
    root = _part(payload, reading, 0)
    try:
        parsed = assemble(root, reading.defects, converted=True)
    except Exception:  # noqa: BLE001 - whatever a stranger sent, the mail is kept and flagged
        bare = Part(fields=[], content_type="text/plain", params={})
        parsed = assemble(bare, [*reading.defects, "unreadable"])
    labels = resource.get("labelIds")
    return FetchedMessage(
        gmail_id=_text(resource.get("id")),
        thread_id=_text(resource.get("threadId")),
        history_id=_number(resource.get("historyId")),
        label_ids=frozenset(map(str, labels)) if isinstance(labels, list) else frozenset(),
        internal_date=_moment(_number(resource.get("internalDate"))),
        snippet=_text(resource.get("snippet")),
        size=_number(resource.get("sizeEstimate")),
        parsed=parsed,
        deferred_parts=_deferred(root),
    )


def _part(payload: dict[str, Any], reading: _Reading, depth: int) -> Part:
    reading.parts += 1
    part = describe(_fields(payload.get("headers"), reading), part_id=_text(payload.get("partId")))
    mime_type = _text(payload.get("mimeType")).lower()
    part.content_type = mime_type if "/" in mime_type else part.content_type
    part.filename = clean_filename(_text(payload.get("filename"))) or part.filename
    body = payload.get("body")
    _take_body(part, body if isinstance(body, dict) else {}, reading)
    _tell_run_together(part, reading)
    children = payload.get("parts")
    if not isinstance(children, list) or not children:
        if part.data and part.content_type.startswith("multipart/"):
            reading.defects += divide(part)
        return part
    if depth >= MAX_DEPTH:
        reading.defects.append("too_deep")
        return part
    for child in children:
        if reading.parts >= MAX_PARTS or reading.heads > MAX_HEADS:
            reading.defects.append("too_many_parts")
            break
        if isinstance(child, dict):
            part.children.append(_part(child, reading, depth + 1))
    return _closed(part)


def _closed(part: Part) -> Part:
    """A message inside the message is one attachment here: its parts must not become our body."""
    if not part.content_type.startswith("message/"):
        return part
    if part.data is None:
        blocks = [child.fields for child in part.children if child.fields]
        lines = ["\n".join(f"{name}: {value}" for name, value in block) for block in blocks]
        part.data = "\n\n".join(lines).encode("utf-8", "replace")
    part.size = part.size or sum(child.size for child in walk(part))
    part.inside = [one for child in part.children for one in walk(child)]
    part.children = []
    return part


def _fields(headers: object, reading: _Reading) -> Fields:
    if not isinstance(headers, list):
        return []
    fields: Fields = []
    for header in headers[:_MAX_FIELDS]:
        if isinstance(header, dict) and reading.heads <= MAX_HEADS:
            value = _text(header.get("value"))[:MAX_VALUE_CHARS]
            reading.heads += len(value)
            if "\n" in value or "\r" in value:
                value = " ".join(value.split())
            fields.append((_text(header.get("name")).strip().lower(), value.strip()))
    return fields


def _take_body(part: Part, body: dict[str, Any], reading: _Reading) -> None:
    part.size = _number(body.get("size"))
    if part.part_id in reading.fetched:
        part.data = reading.fetched[part.part_id]
        return
    data = body.get("data")
    if isinstance(data, str):
        try:
            part.data = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
        except (binascii.Error, ValueError):
            reading.defects.append("bad_base64")
            part.data = b""
    part.attachment_id = _text(body.get("attachmentId"))


def _tell_run_together(part: Part, reading: _Reading) -> None:
    """Plain words labelled base64 arrive decoded, as noise: restore what can be restored."""
    labelled = part.first("content-transfer-encoding").strip().lower() == "base64"
    if not part.data or not labelled or part.content_type != "text/plain":
        return
    letters = run_together(part.data)
    if letters is not None:
        part.data = letters + f"\n\n{RUN_TOGETHER}".encode()
        reading.defects.append("not_base64")


def _deferred(root: Part) -> tuple[DeferredPart, ...]:
    """Parts of the body, and parts for machines, that came as a reference only."""
    needed = {id(part): part for part in body_parts(root)}
    needed |= {
        id(part): part
        for part in walk(root)
        if part.content_type in MACHINE_TYPES
        or _came_whole(part)
        or is_container(part)
        or is_signature(part)
    }
    return tuple(
        DeferredPart(part.part_id, part.attachment_id, part.content_type, part.size)
        for part in needed.values()
        if part.data is None and part.attachment_id
    )


def _came_whole(part: Part) -> bool:
    """Whether a part should have parts: its boundaries are broken, and it came as one piece."""
    return part.content_type.startswith("multipart/") and not part.children


def _text(value: object) -> str:
    """A storable text: Gmail passes a NUL in a name or a type through, and no database stores one,
    nor a lone surrogate.
    """
    text = value if isinstance(value, str) else ""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("", text)


def _number(value: object) -> int:
    """Gmail writes 64-bit numbers as strings."""
    try:
        return int(value) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0


def _moment(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _EPOCH
