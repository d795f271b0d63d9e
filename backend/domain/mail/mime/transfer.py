"""Undoes Content-Transfer-Encoding, taking what it can from broken input (RFC 2045 §6).

Each encoding is broken in its own ways, and none may keep the rest of the message from being read.
"""

import binascii
import quopri
import re
from typing import NamedTuple

MAX_GLANCE = 256 * 1024
MAX_WORD = 40
"""Characters of one word; a line of base64 has sixty or more."""

FEW_WORDS = 3
MOST_SHORT = 200
"""Bytes of a whole text that may be a few words."""

_STRICT = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}")
_NOT_BASE64 = bytes(range(256)).translate(
    None, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)
_MOST_RUNS = 1_000
"""Padded runs of one text that are decoded separately: what follows is decoded as one."""

RUN_TOGETHER = (
    "[The sender labelled this text wrongly, and Gmail handed it out without its spaces and marks: "
    "read it in Gmail.]"
)
FEWEST_LETTERS, MOST_LETTERS = 12, 100_000
_LOWER = bytes(range(ord("a"), ord("z") + 1))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "quoted", "plain"})
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{0,255})\r?$", re.MULTILINE)


class Decoded(NamedTuple):
    """The bytes, and the code of the encoding's defect, if any."""

    data: bytes
    defect: str | None = None


def decode_transfer(data: bytes, encoding: str) -> Decoded:
    """Undo one transfer encoding named in lower case. An unknown one leaves the bytes alone."""
    match encoding:
        case "base64" | "base-64" | "b":
            return decode_base64(data)
        case "quoted-printable" | "quotedprintable" | "quoted_printable" | "q":
            return Decoded(quopri.decodestring(data))
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return decode_uu(data)
        case known if known in _IDENTITY:
            return Decoded(data)
        case _:
            return Decoded(data, "unknown_transfer_encoding")


def decode_base64(data: bytes) -> Decoded:
    """Base64 with noise, missing padding, or several padded runs in a row; plain words under that
    label stay, also those that a list appended below the encoded lines.
    """
    words = _words_begin(data)
    if words is None:
        decoded = _decode_runs(data)
        return Decoded(data, "not_base64") if _is_short_text(data, decoded.data) else decoded
    above = _decode_runs(data[:words])
    if _is_encoded(data[:words], above):
        return Decoded(above.data + b"\n" + data[words:], "bad_base64")
    return Decoded(data, "not_base64")


def run_together(data: bytes) -> bytes | None:
    """The letters of plain words that another program took for base64 and decoded: their spaces are
    lost, and perhaps the last letter. None for real base64, which has fewer small letters (four of
    ten, in words nine of ten).

    >>> run_together(binascii.a2b_base64("Heyweneedsixteenseatsfor"))
    b'Heyweneedsixteenseatsfor'
    """
    data = data[:MOST_LETTERS]
    if not _CONTROLS.search(data) and _is_utf8(data):
        return None
    letters = binascii.b2a_base64(data, newline=False).rstrip(b"=")
    small = len(letters) - len(letters.translate(None, _LOWER))
    return letters if len(letters) >= FEWEST_LETTERS and 4 * small >= 3 * len(letters) else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeError:
        return False
    return True


def _words_begin(data: bytes) -> int | None:
    """Where the first line of words begins: letters with blanks between, and no long runs."""
    position = 0
    for line in data[:MAX_GLANCE].splitlines(keepends=True):
        if _is_words(line.split()):
            return position
        position += len(line)
    return None


def _is_words(words: list[bytes]) -> bool:
    if len(words) < 2 or max(map(len, words)) > MAX_WORD:
        return False
    return len(words) >= FEW_WORDS or len(b"".join(words).translate(None, _NOT_BASE64)) < sum(
        map(len, words)
    )


def _is_short_text(data: bytes, decoded: bytes) -> bool:
    r"""Whether these are a few words, such as "Yes." or "call me": no encoder writes them so, and
    decoded they say nothing.

    >>> _is_short_text(b"call me", b"q\xa9e"), _is_short_text(b"SGk", b"Hi")
    (True, False)
    """
    text = data.strip()
    if not text or len(data) > MOST_SHORT or max(map(len, text.split())) > MAX_WORD:
        return False
    encoded = _STRICT.fullmatch(text) is not None and len(b"".join(text.split())) % 4 == 0
    says = decoded.strip() and _CONTROLS.search(decoded) is None and _is_utf8(decoded)
    return not (encoded or says) and _CONTROLS.search(text) is None


def _is_encoded(data: bytes, decoded: Decoded) -> bool:
    """Whether the lines above words are base64: long ones, or short ones that decode to text."""
    lines = data.split()
    if any(len(line) > MAX_WORD for line in lines):
        return True
    shown = decoded.data.isascii() and decoded.data.decode("ascii").strip().isprintable()
    return bool(lines) and decoded.defect is None and sum(map(len, lines)) % 4 == 0 and shown


def _decode_runs(data: bytes) -> Decoded:
    clean = data.translate(None, _NOT_BASE64)
    bare = clean.rstrip(b"=")
    if b"=" in bare:
        *runs, rest = bare.split(b"=", _MOST_RUNS)
        runs.append(rest.replace(b"=", b""))
        return Decoded(b"".join(_run(run) for run in runs if run), "bad_base64")
    return Decoded(_run(bare), "bad_base64" if len(bare) % 4 == 1 else None)


def _run(bare: bytes) -> bytes:
    bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))


def decode_uu(data: bytes) -> Decoded:
    """The first uuencoded file in `data`; lines that break the format are cut to their length."""
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return Decoded(data, "bad_uuencode")
    out: list[bytes] = []
    for line in data[begin.end() :].lstrip(b"\r\n").splitlines():
        if line.strip() in (b"end", b"`", b""):
            if line.strip() == b"end":
                return Decoded(b"".join(out))
            continue
        out.append(_uu_line(line))
    return Decoded(b"".join(out), "bad_uuencode")


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad lines wrongly; the first character gives the true length.
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:size])
        except binascii.Error:
            return b""
