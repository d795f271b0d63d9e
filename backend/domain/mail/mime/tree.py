"""Raw bytes to a tree of parts, with limits on depth and number before anything is decoded.

Separate from choosing the body: Gmail's JSON arrives as a tree and joins here. Splitting looks for
boundary lines with `bytes.find`, so a part is scanned once per level, without the recursion of the
standard library.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.domain.mail.mime.fields import Fields, read_header_block
from backend.domain.mail.mime.guessing import Guesser
from backend.domain.mail.mime.parameters import HeaderValue, parse_parameters
from backend.domain.mail.mime.transfer import decode_transfer
from backend.domain.mail.mime.words import decode_words

MAX_MESSAGE_BYTES = 50 * 1024 * 1024
MAX_PARTS = 1000
MAX_INSIDE_BYTES = 8 * 1024 * 1024
"""Of an attached message that is looked into."""

MAX_DEPTH = 50
MAX_HEADS = 256 * 1024
"""Header bytes of all parts below the message: each is parsed, real mail has a few hundred per
part.
"""

MAX_LOOKED_AT = 100 * 1024 * 1024
"""Bytes searched for boundaries, over all levels: twice the longest message."""

DECODING = 4
"""How much slower decoding bytes is than scanning them."""

_TYPE = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+*-]{1,100}", re.ASCII)
_GUESSED_BOUNDARY = re.compile(
    rb"^--([^\r\n]{1,200}+)\r?\nContent-[A-Za-z-]++[ \t]*+:", re.MULTILINE
)
# Control characters, and direction marks: "fdp.exe" must not show as "exe.pdf".
_UNSHOWABLE = re.compile(" ?[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+ ?")
_ENCODED = frozenset({"base64", "quoted-printable"})


@dataclass(slots=True)
class Part:
    """One node. `data` is already decoded from its transfer encoding; None when it was not
    delivered.
    """

    fields: Fields
    content_type: str
    params: dict[str, str]
    disposition: str = ""
    filename: str | None = None
    part_id: str = ""
    attachment_id: str = ""
    data: bytes | None = None
    size: int = 0
    children: list["Part"] = field(default_factory=list)
    inside: list["Part"] = field(default_factory=list)
    """Parts of an attached message, where they came with it: files, not our body."""

    def first(self, name: str) -> str:
        """The first raw value of a field; empty when it is absent."""
        return next((value for key, value in self.fields if key == name), "")


@dataclass(slots=True)
class _Reading:
    """Running totals of one read."""

    parts: int = 0
    heads: int = 0
    looked_at: int = 0
    defects: list[str] = field(default_factory=list)


def read_tree(raw: bytes) -> tuple[Part, list[str]]:
    """The tree of one message and the codes of its defects."""
    reading = _Reading()
    if len(raw) > MAX_MESSAGE_BYTES:
        raw = raw[:MAX_MESSAGE_BYTES]
        reading.defects.append("message_too_long")
    raw = _as_bytes_of_mail(raw, reading.defects)
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return _read_part(raw.lstrip(b"\r\n"), reading, "", "text/plain"), reading.defects


def _as_bytes_of_mail(raw: bytes, defects: list[str]) -> bytes:
    """Undoes what an editor did to a message saved as text: a byte order mark, or UTF-16."""
    if raw.startswith(codecs.BOM_UTF8):
        return raw.removeprefix(codecs.BOM_UTF8)
    head = raw[:64]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = "utf-16"
    elif len(head) > 8 and (head[1::2].strip(b"\x00") == b"" or head[::2].strip(b"\x00") == b""):
        wide = "utf-16-be" if head[0] == 0 else "utf-16-le"
    else:
        return raw
    defects.append("not_bytes_but_utf_16")
    return raw.decode(wide, "replace").encode("utf-8", "replace")


def describe(fields: Fields, *, part_id: str, default_type: str = "text/plain") -> Part:
    """A part from its header fields alone."""
    declared, placed, content_type = HeaderValue("", {}), HeaderValue("", {}), ""
    for name, value in fields:
        if name == "content-type" and not content_type:
            declared = parse_parameters(value)
            content_type = declared.value
        elif name == "content-disposition" and not placed.value:
            placed = parse_parameters(value)
    if not _TYPE.fullmatch(content_type):
        content_type = default_type if content_type != "text" else "text/plain"
    filename = placed.params.get("filename") or declared.params.get("name") or None
    return Part(
        fields=fields,
        content_type=content_type,
        params=declared.params,
        disposition=placed.value,
        filename=clean_filename(filename),
        part_id=part_id,
    )


def clean_filename(name: str | None, limit: int = 255) -> str | None:
    """A displayable file name: one line, no folders, its extension kept when it is too long."""
    if not name:
        return None
    flat = _UNSHOWABLE.sub(" ", decode_words(name[:4000])).strip()
    flat = flat.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if len(flat) > limit:
        stem, dot, ending = flat.rpartition(".")
        flat = f"{stem[: max(0, limit - len(ending) - 1)]}{dot}{ending}"[:limit]
    return flat or None


def walk(part: Part) -> Iterator[Part]:
    """The part and all below it, in the order of the message."""
    yield part
    for child in part.children:
        yield from walk(child)


def divide(part: Part) -> list[str]:
    """Reads the parts of a multipart that came whole because its boundaries are broken. Returns the
    codes of its defects; without any part it is text.
    """
    reading = _Reading()
    encoding = part.first("content-transfer-encoding").partition(";")[0].strip().lower()
    _read_children(part, part.data or b"", encoding, reading)
    if part.children:
        part.data = None
    else:
        part.content_type = "text/plain"
    return reading.defects


def read_within(raw: bytes, part_id: str) -> Part:
    """The tree of a message inside a file, numbered below `part_id`."""
    return _read_part(raw.lstrip(b"\r\n"), _Reading(), part_id, "text/plain")


def read_inside(part: Part) -> list[Part]:
    """The parts of an attached message, numbered as Gmail numbers them."""
    if part.inside or part.data is None or len(part.data) > MAX_INSIDE_BYTES:
        return part.inside
    prefix = f"{part.part_id}.0" if part.part_id else "0"
    raw = part.data.lstrip(b"\r\n")
    return list(walk(_read_part(raw, _Reading(), prefix, "text/plain")))


def _read_part(raw: bytes, reading: _Reading, part_id: str, default_type: str) -> Part:
    reading.parts += 1
    guesser = None if part_id else Guesser()
    block = read_header_block(raw, guesser=guesser)
    reading.defects += [*block.defects, *(["charset_guessed"] if guesser and guesser.last else [])]
    reading.heads += block.body_start if part_id else 0
    part = describe(block.fields, part_id=part_id, default_type=default_type)
    body = raw[block.body_start :] if block.body_start else raw
    encoding = part.first("content-transfer-encoding").partition(";")[0].strip().lower()
    if part.content_type.startswith("multipart/"):
        _read_children(part, body, encoding, reading)
        if part.children:
            return part
        part.content_type = "text/plain"
    decoded = decode_transfer(body, encoding)
    if decoded.defect:
        reading.defects.append(decoded.defect)
    part.data, part.size = decoded.data, len(decoded.data)
    return part


def _read_children(part: Part, body: bytes, encoding: str, reading: _Reading) -> None:
    reading.looked_at += len(body)
    if part.part_id.count(".") >= MAX_DEPTH or reading.looked_at > MAX_LOOKED_AT:
        reading.defects.append("too_deep")
        return
    boundary = part.params.get("boundary", "").encode("utf-8", "replace")
    slices = split_multipart(body, boundary, reading.defects) if boundary else []
    if not slices and encoding in _ENCODED:
        reading.looked_at += DECODING * len(body)
        body = decode_transfer(body, encoding).data
        slices = split_multipart(body, boundary, reading.defects) if boundary else []
    if not slices:
        guess = _GUESSED_BOUNDARY.search(body)
        reading.defects.append("boundary_missing")
        slices = split_multipart(body, guess[1], reading.defects) if guess else []
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for index, piece in enumerate(slices):
        if reading.parts >= MAX_PARTS or reading.heads > MAX_HEADS:
            reading.defects.append("too_many_parts")
            return
        child_id = f"{part.part_id}.{index}" if part.part_id else str(index)
        part.children.append(_read_part(piece, reading, child_id, default))


def split_multipart(body: bytes, boundary: bytes, defects: list[str]) -> list[bytes]:
    """The parts between boundary lines. Without a closing line, the last ends with the body."""
    slices: list[bytes] = []
    start = -1
    for position, end, rest in _boundary_lines(body, b"--" + boundary.rstrip()):
        if start >= 0:
            slices.append(_without_last_break(body[start:position]))
        start = end
        if rest == b"--" or len(slices) > MAX_PARTS:
            return slices
    if start >= 0:
        defects.append("boundary_not_closed")
        rest = body[start:]
        if rest and not rest.isspace():
            slices.append(rest)
    return slices


def _boundary_lines(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each begins and ends, and what follows the delimiter: nothing, or two dashes."""
    position = 0
    while (position := body.find(delimiter, position)) >= 0:
        if position and body[position - 1 : position] != b"\n":
            position += len(delimiter)
            continue
        end = body.find(b"\n", position)
        end = len(body) if end < 0 else end + 1
        rest = body[position + len(delimiter) : end].strip()
        if rest in (b"", b"--"):
            yield position, end, rest
        position = end


def _without_last_break(piece: bytes) -> bytes:
    """The line break before a boundary line belongs to the boundary (RFC 2046 §5.1.1)."""
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith(b"\n") else piece
