"""Decodes bytes to text, whatever charset was claimed.

Bodies, encoded words and RFC 2231 names need the same forgiving answer: the claim when it holds,
then UTF-8, then Windows-1252 or the guessed one, and never an error.
"""

import codecs
import encodings
import pkgutil
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

from backend.domain.mail.mime.guessing import Guesser
from backend.domain.mail.mime.iso2022 import decode_japanese

# What senders write on the left is decoded as on the right: supersets that real mail uses under
# the smaller name (WHATWG Encoding Standard), and names Python does not know.
_ALIASES = {
    "ansi": "cp1252",
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "big5": "big5hkscs",
    "cp-850": "cp850",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "macintosh": "mac_roman",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-cp1250": "cp1250",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
}
# Only text encodings: `codecs.lookup` would also find rot13, zlib and unicode_escape.
_TEXT_CODEC = re.compile(
    r"(utf-(7|8|16|32)(-[bl]e)?|iso8859-\d+|iso2022_\w+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|big5\w*"
    r"|euc_\w+|shift_ji\w+|hz|johab|tis-620|kz1048|ptcp154|ascii|hp-roman8|latin\w*)"
)
_NAMES = {module.name for module in pkgutil.iter_modules(encodings.__path__)} | {
    alias.replace(".", "_") for alias in aliases
}
"""What Python knows. It searches the disk for any other name, each time."""
_MAX_NAME = 60
_WEIGHTS = {
    "iso2022_jp": 32,
    "utf-7": 32,
    "utf-32": 16,
    "utf-16": 8,
    **dict.fromkeys(("euc_", "hz", "iso2022_", "johab", "shift_ji"), 4),
}
_STATEFUL = ("iso2022", "utf-7", "hz")
_MULTIBYTE = re.compile(r"utf|gb|big5|euc_|hz|iso2022|johab|shift_ji|cp9(32|49|50)|ascii")
# WHATWG maps the five holes of Windows-1252 to the C1 controls of the same number.
_CP1252_TABLE = "".join(
    chr(code) if code in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((code,)).decode("cp1252")
    for code in range(256)
)


@lru_cache(maxsize=512)
def codec_for(charset: str | None) -> str | None:
    """Python's name for a claimed charset; None when it is missing or not a text charset.

    >>> codec_for('"ISO-8859-1"'), codec_for("rot13"), codec_for("GB2312")
    ('cp1252', None, 'gb18030')
    """
    if not charset:
        return None
    name = charset.strip(" \t\"'<>;,").lower().removeprefix("charset=")
    name = name.split("*", 1)[0]
    name = _ALIASES.get(name, name)
    if len(name) > _MAX_NAME or normalize_encoding(name).replace(".", "_") not in _NAMES:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None


def weight_of(charset: str | None) -> int:
    """How much slower than others a charset is to decode: Japanese is read letter by letter here,
    and Python looks at each byte that it cannot decode.
    """
    codec = codec_for(charset) or ""
    return next((dearer for name, dearer in _WEIGHTS.items() if codec.startswith(name)), 1)


def decode_bytes(data: bytes, charset: str | None, guesser: Guesser | None = None) -> str:
    r"""The text of `data`. A claim is believed when it holds; ASCII with eight-bit bytes does not.
    Where it fails, a guesser may know better than Windows-1252.

    >>> decode_bytes("Zoë".encode(), "us-ascii"), decode_bytes(b"Zo\xeb", "utf-8")
    ('Zoë', 'Zoë')
    """
    codec = codec_for(charset)
    if codec and codec.startswith("iso2022_jp"):
        return _clean(decode_japanese(data)) if b"\x1b" in data else _eight_bit_japanese(data)
    for attempt in (codec, "utf-8") if codec and codec != "ascii" else ("utf-8",):
        try:
            return _clean(_decoded(data, attempt, "strict"))
        except (UnicodeError, ValueError):
            continue
    if codec and codec not in ("ascii", "utf-8", "cp1252"):
        return _clean(_replacing(data, codec))
    if (text := _damaged_utf8(data)) is not None:
        return _clean(text)
    guessed = guesser.guess(data) if guesser else None
    return _clean(data.decode(guessed, "replace") if guessed else _windows_1252(data))


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 that was cut or mangled in a few places; None when it does not look like UTF-8."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    head = text[:20_000]
    good = len(head) - len(head.encode("ascii", "ignore")) - bad
    return text if good >= 2 * bad else None


def decode_converted(data: bytes, charset: str | None, guesser: Guesser | None = None) -> str:
    """As `decode_bytes`, for a provider that may have converted to UTF-8 and kept the old claim."""
    codec = codec_for(charset)
    if codec and codec.startswith(_STATEFUL) and data.isascii():
        return decode_bytes(data, charset)
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeError:
        return decode_bytes(data, charset, guesser)


def _windows_1252(data: bytes) -> str:
    return codecs.charmap_decode(data, "replace", _CP1252_TABLE)[0]


def _eight_bit_japanese(data: bytes) -> str:
    """Claimed as ISO-2022-JP, but without any escape: plain ASCII, or another Japanese encoding."""
    for codec in ("utf-8", "euc_jp", "cp932"):
        try:
            return _clean(data.decode(codec))
        except UnicodeError:
            continue
    return decode_bytes(data, None)


def _replacing(data: bytes, codec: str) -> str:
    """Decodes with a mark for each byte that means nothing. Python's own charmaps take half a
    microsecond for each, in one call that cannot be interrupted: here the mark is in the map.
    """
    if _MULTIBYTE.match(codec):
        return _decoded(data, codec, "replace")
    return codecs.charmap_decode(data, "replace", _charmap(codec))[0]


@lru_cache
def _charmap(codec: str) -> str:
    return "".join(bytes((code,)).decode(codec, "replace") for code in range(256))


def _decoded(data: bytes, codec: str, errors: str) -> str:
    """Decodes without lone surrogates, which Python's UTF-7 lets through and nothing can encode."""
    text = data.decode(codec, errors)
    if codec != "utf-7":
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _clean(text: str) -> str:
    """The text without NUL, which PostgreSQL refuses, lone surrogates and the byte order mark."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.removeprefix("\ufeff")
