"""The value and parameters of Content-Type and Content-Disposition (RFC 2045, 2183, 2231).

The grammar is small and widely abused: unquoted spaces, missing semicolons, encoded words in
quotes, continuations out of order, percent encoding without a charset.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from backend.domain.mail.mime.charsets import decode_bytes
from backend.domain.mail.mime.words import decode_words

_PARAMETER = re.compile(
    r"(?<![^\s=;\"])([^\s=;\"]{1,100}+)\s*+=\s*(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;]*))", re.DOTALL
)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FOLD = re.compile(r"(?<![ \t])[ \t]*+\r?\n[ \t]*+")
_MAX_PARAMETERS = 200
MAX_CHARS = 20_000


class HeaderValue(NamedTuple):
    """The part before the first semicolon, in lower case, and the parameters by lower-case name."""

    value: str
    params: dict[str, str]


class _Piece(NamedTuple):
    section: int
    encoded: bool
    text: str


def parse_parameters(header: str) -> HeaderValue:
    """Parses such a header. Never fails; unreadable parts are left out.

    >>> parse_parameters("Text/HTML; charset=utf-8; name*=utf-8''na%C3%AFve.txt")
    HeaderValue(value='text/html', params={'charset': 'utf-8', 'name': 'naïve.txt'})
    """
    value, _, rest = header[:MAX_CHARS].partition(";")
    value = value.strip().lower()
    if " " in value or "\t" in value or "\n" in value:
        # "text/plain charset=utf-8": the semicolon is missing.
        value, _, lost = value.replace("\t", " ").replace("\n", " ").partition(" ")
        rest = header.strip()[len(value) :] if "=" in lost else rest
    return HeaderValue(value, _parameters(rest) if rest else {})


def _parameters(rest: str) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, list[_Piece]] = {}
    for count, match in enumerate(_PARAMETER.finditer(rest)):
        if count >= _MAX_PARAMETERS:
            break
        name = match[1].lower()
        text = match[3].strip() if match[2] is None else _unquote(match[2])
        section = _SECTION.fullmatch(name)
        if "*" not in name or section is None:
            plain.setdefault(name, _value(text))
        else:
            piece = _Piece(int(section[2] or 0), section[3] is not None, text)
            pieces.setdefault(section[1], []).append(piece)
    for name, found in pieces.items():
        plain[name] = _assembled(found)
    return plain


def _unquote(text: str) -> str:
    if "\n" in text or "\r" in text:
        text = _FOLD.sub(" ", text)
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _value(text: str) -> str:
    return decode_words(text) if "=?" in text else text


def _assembled(pieces: list[_Piece]) -> str:
    """Joins the sections of one RFC 2231 value; only encoded ones are percent-decoded."""
    charset: str | None = None
    data = b""
    for piece in sorted(pieces, key=lambda piece: piece.section):
        text = piece.text
        if piece.section == 0 and text.count("'") >= 2 and piece.encoded:
            charset, _, text = text.split("'", 2)
        written = text.encode("utf-8", "replace")
        data += unquote_to_bytes(written) if piece.encoded else written
    return _value(decode_bytes(data, charset or "utf-8"))
