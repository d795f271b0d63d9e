r"""Rich text as Outlook sends it: decompressed (MS-OXRTFCP), and read as the HTML or text it came
from.

A byte grammar. Outlook wraps its HTML into rich text and marks which parts are HTML (MS-OXRTFEX);
of any other rich text the words are taken. Never raises; anything beyond the bounds is cut.
"""

import re
import struct
from dataclasses import dataclass, field, replace

MAX_BYTES = 500_000
"""Bytes of rich text that are unpacked and read: some twenty pages of Outlook's HTML."""

MAX_TOKENS = 80_000
MAX_DEPTH = 200
_HEADER = struct.Struct("<IIII")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})?+ ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|[\r\n]++|(?P<text>[^\\{}\r\n]++)",
    re.DOTALL,
)
_WORDS = {
    **dict.fromkeys((b"par", b"line", b"row", b"sect", b"page"), "\n"),
    **dict.fromkeys((b"tab", b"cell"), "\t"),
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"bullet": "\u2022",
    b"endash": "\u2013",
    b"emdash": "\u2014",
}
_SIGNS = {
    b"~": "\u00a0",
    b"_": "\u2011",
    b"\\": "\\",
    b"{": "{",
    b"}": "}",
    b"\r": "\n",
    b"\n": "\n",
}
# Groups without words of the text.
_ASIDE = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"}
    | {b"headerl", b"headerr", b"footerl", b"footerr", b"fldinst", b"themedata", b"datastore"}
)
_CHARSETS = {
    0: "cp1252",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


@dataclass(frozen=True, slots=True)
class RichText:
    """The text; `is_html`: it came from HTML and is HTML again, `is_whole`: nothing was cut."""

    text: str
    is_html: bool
    is_whole: bool = True


def read_rich_text(data: bytes) -> RichText | None:
    """The words in compressed rich text; None when it is no rich text."""
    rich = unpacked(data)
    return _Reader(rich).read() if rich.lstrip().startswith(b"{\\rtf") else None


def unpacked(data: bytes) -> bytes:
    """Rich text, decompressed; empty when it has no known form."""
    if len(data) < _HEADER.size:
        return b""
    _, size, form, _ = _HEADER.unpack_from(data)
    size = min(size, MAX_BYTES)
    if form == _PLAIN:
        return data[_HEADER.size : _HEADER.size + size]
    return _inflated(data, size) if form == _PACKED else b""


def _inflated(data: bytes, size: int) -> bytes:
    """Decompresses: each flag bit says whether a byte follows, or a reference up to 4 KB back."""
    out = bytearray(_BEGINNING)
    end = len(_BEGINNING) + size
    position = _HEADER.size
    while position < len(data) and len(out) < end:
        flags = data[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            reference = int.from_bytes(data[position : position + 2], "big")
            position += 2
            back = (len(out) - (reference >> 4)) % _RING
            if not back or back > len(out):
                return bytes(out[len(_BEGINNING) : end])
            _repeat(out, back, (reference & 15) + 2)
    return bytes(out[len(_BEGINNING) : end])


def _repeat(out: bytearray, back: int, count: int) -> None:
    """Appends what is `back` bytes before; it may overlap what is being written."""
    piece = bytes(out[-back:][:count])
    out += (piece * (count // len(piece) + 1))[:count]


@dataclass(slots=True)
class _Group:
    """The state until the next closing brace. `skipped`: the number of fallback characters after a
    Unicode one; `tag`: a piece of the HTML.
    """

    aside: bool = False
    hidden: bool = False
    tag: bool = False
    charset: str = ""
    skipped: int = 1


@dataclass(slots=True)
class _Reader:
    """One pass over the tokens."""

    rich: bytes
    out: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    fonts: dict[int, str] = field(default_factory=dict)
    charset: str = "cp1252"
    font: int = 0
    leave_out: int = 0
    starred: bool = False
    is_html: bool = False
    groups: list[_Group] = field(default_factory=lambda: [_Group()])

    def read(self) -> RichText:
        whole = len(self.rich) < MAX_BYTES
        for count, token in enumerate(_TOKEN.finditer(self.rich)):
            if count > MAX_TOKENS:
                whole = False
                break
            self._take(token)
        self._decode()
        # Characters beyond the first 65,536 come as surrogate pairs.
        halves = "".join(self.out).replace("\x00", "").encode("utf-16-le", "surrogatepass")
        return RichText(halves.decode("utf-16-le", "replace"), self.is_html, whole)

    def _take(self, token: re.Match[bytes]) -> None:
        kind = token.lastgroup
        if kind == "brace":
            self._brace(token[0])
        elif kind == "byte":
            self._bytes(bytes([int(token["byte"], 16)]))
        elif kind == "text":
            self._bytes(token["text"])
        elif kind == "sign":
            self.starred = token["sign"] == b"*"
            self._write(_SIGNS.get(token["sign"], ""))
        elif token["word"]:
            self._word(token["word"], int(token["number"] or -1), numbered=bool(token["number"]))

    def _brace(self, brace: bytes) -> None:
        self._decode()
        self.leave_out = 0
        if brace == b"{" and len(self.groups) < MAX_DEPTH:
            self.groups.append(replace(self.groups[-1]))
        elif brace == b"}" and len(self.groups) > 1:
            self.groups.pop()

    def _word(self, word: bytes, number: int, *, numbered: bool) -> None:
        starred, self.starred = self.starred, False
        if word == b"u" and numbered:
            self._character(number)
        elif word in _WORDS:
            self._write(_WORDS[word])
        elif word == b"htmltag":
            self._change(aside=False, tag=True, hidden=False)
        elif starred or word in _ASIDE:
            self._change(aside=True)
        else:
            self._setting(word, number)

    def _setting(self, word: bytes, number: int) -> None:
        if word == b"htmlrtf":
            self._change(hidden=number != 0)
        elif word == b"fromhtml":
            self.is_html = True
        elif word == b"uc":
            self._change(skipped=max(0, min(number, 10)))
        elif word == b"ansicpg":
            self.charset = f"cp{number}"
        elif word == b"f":
            self.font = number
            self._change(charset=self.fonts.get(number, ""))
        elif word == b"fcharset":
            self.fonts[self.font] = _CHARSETS.get(number, "")

    def _change(self, **changed: bool | int | str) -> None:
        self._decode()
        for name, value in changed.items():
            setattr(self.groups[-1], name, value)

    def _character(self, number: int) -> None:
        self._write(chr(number % 0x10000))
        self.leave_out = self.groups[-1].skipped

    def _bytes(self, data: bytes) -> None:
        left = data[self.leave_out :]
        self.leave_out = max(0, self.leave_out - len(data))
        if self._shown():
            self.raw += left

    def _write(self, text: str) -> None:
        self._decode()
        if text and self._shown():
            self.out.append(text)

    def _shown(self) -> bool:
        group = self.groups[-1]
        return not group.aside and (group.tag or not group.hidden)

    def _decode(self) -> None:
        """Buffers bytes until a whole character is there."""
        if self.raw:
            charset = self.groups[-1].charset or self.charset
            try:
                self.out.append(self.raw.decode(charset, "replace"))
            except LookupError:
                self.out.append(self.raw.decode("cp1252", "replace"))
            self.raw.clear()
