"""A header block to (name, value) pairs, unfolded, whatever the line ends and bytes.

Every level of the MIME tree and every returned header block in a bounce starts with one. Values
keep their encoded words: address lists must be split before decoding.
"""

import codecs
import re
from typing import NamedTuple

from backend.domain.mail.mime.charsets import decode_bytes
from backend.domain.mail.mime.guessing import Guesser

# RFC 5322 leaves the length open; 256 KB is far beyond any real mail.
MAX_HEADER_BYTES = 256 * 1024
MAX_VALUE_CHARS = 100_000
MORE = 2000
"""Bytes after the header that help to guess its charset: subjects are short."""
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_CHARSET = re.compile(rb"charset\s*=\s*\"?([\w.:-]{1,60})", re.IGNORECASE)
_FOLD = re.compile(r"(?<!\r)\r*+\n[ \t]*+")

Fields = list[tuple[str, str]]


class HeaderBlock(NamedTuple):
    """Fields in order with lower-case names, where the body starts, and the defects."""

    fields: Fields
    body_start: int
    defects: tuple[str, ...]


def read_header_block(raw: bytes, start: int = 0, *, guesser: Guesser | None = None) -> HeaderBlock:
    """Reads fields from `start` until a blank line, the end, or a line that must be body.

    A guesser is asked about raw bytes in fields, with what follows, when no charset is named.
    """
    found: list[list[bytes]] = []
    defects: list[str] = []
    position, size = start, len(raw)
    while position < size:
        end = raw.find(b"\n", position)
        after = size if end < 0 else end + 1
        line = raw[position : min(after, position + MAX_HEADER_BYTES)]
        if not line.strip(b"\r\n"):
            position = after
            break
        if position - start > MAX_HEADER_BYTES:
            defects.append("header_block_too_long")
            position = _after_blank_line(raw, position)
            break
        if _is_body(line, raw, after, any_field=bool(found)):
            defects.append("no_blank_line_before_body")
            break
        _take(line, found, defects)
        position = after
    if defects and not found:
        return HeaderBlock([], start, ("no_headers",))
    fields = [(name, b"".join(pieces)) for name, *pieces in found]
    charset = _charset_of(fields, raw[position : position + MORE], guesser)
    return HeaderBlock(
        [_pair(name, value, charset) for name, value in fields], position, tuple(defects)
    )


def _is_utf8(text: bytes) -> bool:
    """Whether it is UTF-8, even cut within its last character."""
    if text.isascii():
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeError:
        return False
    return True


def _take(line: bytes, found: list[list[bytes]], defects: list[str]) -> None:
    """Adds a line to the fields, each its name and its pieces: a new one, a piece, or neither."""
    if line[:1] in b" \t":
        if found:
            found[-1].append(line)
        return
    match = _FIELD.match(line)
    if match:
        found.append([match[1].lower(), match[2]])
    elif not line.startswith((b"From ", b">From ")):
        defects.append("malformed_header_line")


def _is_body(line: bytes, raw: bytes, after: int, *, any_field: bool) -> bool:
    """Whether a non-field line begins the body: a boundary, or prose before any field."""
    if line[:1] in b" \t" or _FIELD.match(line):
        return False
    if line.startswith(b"--"):
        return True
    if line.startswith((b"From ", b">From ")):
        return False
    following = raw[after : after + 1000].split(b"\n", 1)[0]
    return any_field and not _FIELD.match(following) and following[:1] not in (b" ", b"\t")


def _after_blank_line(raw: bytes, position: int) -> int:
    match = re.compile(rb"\n\r?\n").search(raw, position)
    return match.end() if match else len(raw)


def _charset_of(
    fields: list[tuple[bytes, bytes]], more: bytes, guesser: Guesser | None
) -> str | None:
    """The charset of raw bytes in fields. Senders that write them mostly use the body's."""
    unread = [value for _, value in fields if not _is_utf8(value)]
    if not unread:
        return None
    for name, value in fields:
        match = _CHARSET.search(value) if name == b"content-type" else None
        if match:
            return match[1].decode("ascii", "replace")
    return (
        guesser.guess(b"\n".join([*unread, b"" if _is_utf8(more) else more])) if guesser else None
    )


def _pair(name: bytes, value: bytes, charset: str | None) -> tuple[str, str]:
    try:
        text = value.decode("utf-8")
    except UnicodeError:
        text = decode_bytes(value, charset)
    if "\n" in text:
        text = _FOLD.sub(" ", text)
    return name.decode("ascii"), text[:MAX_VALUE_CHARS].replace("\x00", "").strip(" \t\r\n")
