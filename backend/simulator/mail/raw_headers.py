"""The header block of a mail as bytes: read, replace and drop fields without touching the rest.

Gmail rewrites a few fields of what is sent and keeps everything else byte for byte, which a parse
and a re-serialisation would not.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses

BLANK_LINE = re.compile(rb"\r?\n\r?\n")
FIELD_START = re.compile(rb"^(?=[^ \t\r\n])", re.MULTILINE)
ENCODED_WORD = "=?"


@dataclass(frozen=True)
class Field:
    """One header field, name as written, value undecoded and still folded."""

    name: str
    raw: bytes

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def value(self) -> str:
        """Unfolded and decoded (RFC 2047), as the Gmail API shows it."""
        return decoded(self.raw)


@dataclass(frozen=True)
class RawMail:
    """Header fields in order, and the untouched rest."""

    fields: tuple[Field, ...]
    body: bytes

    def first(self, name: str) -> str:
        """The first such field, decoded; empty when there is none."""
        return next((field.value for field in self.fields if field.key == name), "")

    def every(self, name: str) -> list[str]:
        return [field.value for field in self.fields if field.key == name]

    def addresses(self, name: str) -> list[str]:
        """The lower-case addresses of all such fields."""
        written = [unfolded(field.raw) for field in self.fields if field.key == name]
        return [address.lower() for _, address in getaddresses(written) if "@" in address]

    def without(self, *names: str) -> "RawMail":
        kept = tuple(field for field in self.fields if field.key not in names)
        return RawMail(kept, self.body)

    def with_first(self, added: Iterable[tuple[str, str]]) -> "RawMail":
        """The same mail with these fields on top, in this order."""
        new = tuple(Field(name, b" " + value.encode() + b"\r\n") for name, value in added)
        return RawMail(new + self.fields, self.body)

    def as_bytes(self) -> bytes:
        lines = (
            field.name.encode("utf-8", "surrogateescape") + b":" + field.raw
            for field in self.fields
        )
        return b"".join(lines) + b"\r\n" + self.body


def split(raw: bytes) -> tuple[bytes, bytes]:
    """The header block, with its last line end, and the body."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw[raw.index(b"\n") + 1 :]
    found = BLANK_LINE.search(raw)
    if found is None:
        return raw, b""
    return raw[: found.start()] + b"\r\n", raw[found.end() :]


def parse_fields(block: bytes) -> tuple[Field, ...]:
    """The fields of a header block. Lines that are no field are dropped, as Gmail's view does."""
    fields = []
    for chunk in FIELD_START.split(block):
        name, colon, value = chunk.partition(b":")
        if colon and name.strip() and b" " not in name.strip():
            fields.append(Field(name.strip().decode("utf-8", "surrogateescape"), value))
    return tuple(fields)


def parse(raw: bytes) -> RawMail:
    block, body = split(raw)
    return RawMail(parse_fields(block), body)


MOST_WORDS = 500
"""Encoded words of one field that are decoded: Python's decoder takes square time."""


def decoded(raw: bytes) -> str:
    r"""A header value for reading: unfolded, decoded, never raising.

    >>> decoded(b" =?utf-8?q?Caf=C3=A9?=\r\n to go\r\n")
    'Café to go'
    """
    text = unfolded(raw)
    if not 0 < text.count(ENCODED_WORD) <= MOST_WORDS:
        return text
    try:
        return "".join(_word(part, charset) for part, charset in decode_header(text))
    except (HeaderParseError, ValueError, LookupError):
        return text


def unfolded(raw: bytes) -> str:
    """On one line, still encoded: an encoded name may hold a comma."""
    return _text(raw).replace("\r", "").replace("\n", "").strip()


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _word(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        return part.decode(charset or "latin-1", "replace")
    except LookupError:
        return part.decode("latin-1")
