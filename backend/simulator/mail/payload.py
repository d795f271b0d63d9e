"""A mail as the `payload` tree of messages.get: headers decoded, bodies base64url, files by id."""

import base64
import binascii
import secrets
from collections.abc import Iterator

from backend.simulator.mail.mime_tree import Part, parse_tree

Json = dict[str, object]

# A text body larger than this comes as an attachment id, like a file.
INLINE_BODY_BYTES = 512 * 1024
# Attachment ids change with each get: this placeholder in the cached tree is replaced each time.
NONCE_MARK = "ANGjdJ0000000000"


def payload_of(raw: bytes) -> Json:
    """The whole tree. The root's partId is empty."""
    return _part(parse_tree(raw), "")


def headers_only(raw: bytes, wanted: frozenset[str]) -> Json:
    """The payload of format=metadata; `wanted` lower-case names, empty for all."""
    tree = parse_tree(raw)
    shown = [one for one in _headers(tree) if not wanted or one["name"].lower() in wanted]
    answer: Json = {"mimeType": tree.mime_type}
    if shown:
        answer["headers"] = shown
    return answer


def attachment(raw: bytes, attachment_id: str) -> bytes | None:
    """The content behind an attachment id of this mail, or None."""
    try:
        part_id = base64.urlsafe_b64decode(attachment_id[len(NONCE_MARK) :] + "==").decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    for ident, part in _walk(parse_tree(raw), ""):
        if part_id == f"p{ident}":
            return part.content()
    return None


def fresh_nonce() -> str:
    """As long as the mark it replaces."""
    return f"ANGjdJ{secrets.token_hex(5)}"


def _part(part: Part, ident: str) -> Json:
    answer: Json = {
        "partId": ident,
        "mimeType": part.mime_type,
        "filename": part.filename,
        "body": _body(part, ident),
    }
    if part.fields:
        answer["headers"] = _headers(part)
    if part.children:
        answer["parts"] = [_part(child, name) for name, child in _named(part, ident)]
    return answer


def _body(part: Part, ident: str) -> Json:
    if part.children and part.mime_type != "message/rfc822":
        return {"size": 0}
    content = part.content()
    is_file = bool(part.filename) or not part.mime_type.startswith("text/")
    if content and (is_file or len(content) > INLINE_BODY_BYTES):
        return {"attachmentId": _attachment_id(ident), "size": len(content)}
    if not content:
        return {"size": 0}
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}


def _attachment_id(ident: str) -> str:
    return NONCE_MARK + base64.urlsafe_b64encode(f"p{ident}".encode()).decode().rstrip("=")


def _headers(part: Part) -> list[dict[str, str]]:
    return [
        {"name": one.name.encode("utf-8", "replace").decode(), "value": one.value}
        for one in part.fields
    ]


def _named(part: Part, ident: str) -> Iterator[tuple[str, Part]]:
    prefix = f"{ident}." if ident else ""
    for number, child in enumerate(part.children):
        yield f"{prefix}{number}", child


def _walk(part: Part, ident: str) -> Iterator[tuple[str, Part]]:
    yield ident, part
    for name, child in _named(part, ident):
        yield from _walk(child, name)
