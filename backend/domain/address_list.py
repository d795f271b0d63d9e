"""An address header to addresses: split first, decode afterwards.

Separate from `address` because reading a header is a parser of hostile input. Decoding encoded
words before splitting would let a comma inside a name become a second address; an address in angle
brackets wins over anything around it, as in every mail client (RFC 5322 §3.4).
"""

import re
from dataclasses import dataclass, field

from backend.domain.address import MAX_ADDRESS_CHARS, address_key, clean_name
from backend.domain.message import NamedAddress
from backend.domain.mime.words import decode_words

MAX_ADDRESSES = 2000
MAX_SENDER_CHARS = 4000
"""Characters of a From field that are read: one name and one address have some hundred."""

# Nothing here may be read in two ways, or a field of blanks or of quotes costs minutes.
_SIMPLE = re.compile(r"\"?+([^\"<>@,;:()\\]*+)\"?+\s*+<([^<>\s@\",;:()]++@[^<>\s@\",;:()]++)>")
_BARE = re.compile(r"[^<>\s@\",;:()\\\[\]=?]++@[^<>\s@\",;:()\\\[\]=?]++")
_AROUND = re.compile(r"(?<![ \t])[ \t]++(?:(\.)|(@)[ \t]*+)|(@)[ \t]*+")
_AFTER_DOT = re.compile(r"(@[^\s.]{1,64}\.)[ \t]+(?=\w)")
_BROKEN = re.compile(r"^@|^[^\"]*[;:<>]")
_ROUTE = re.compile(r"^(?:@[^:,@]++,?)++:")
_TOKEN = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"?|[(),:;<>\\]|[^\"(),:;<>\\]++", re.DOTALL)
_UNQUOTE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Item:
    """One address being read."""

    phrase: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    has_at: bool = False


def parse_address_list(header: str) -> tuple[NamedAddress, ...]:
    """All addresses of a header value as received. Groups are opened; entries without address drop.

    >>> [a.address for a in parse_address_list('"L, M" <m@a.example>, ceo@b.example <x@c.example>')]
    ['m@a.example', 'x@c.example']
    """
    header = header.strip()
    simple = _SIMPLE.fullmatch(header)
    if simple:
        return (_named(simple[1], simple[2]),)
    if _BARE.fullmatch(header):
        return (_named("", _compact(header)),)
    found = (_finish(item) for item in _items(header))
    return tuple(one for one in found if one.address and not _BROKEN.search(one.address))


def parse_sender(header: str) -> NamedAddress | None:
    """The first address of a From field, or at least the name that stands there."""
    header = header[:MAX_SENDER_CHARS]
    addresses = parse_address_list(header)
    if addresses:
        return addresses[0]
    name = clean_name(decode_words(header).strip("\"'<> \t\r\n"))
    return NamedAddress(name, "", "") if name else None


def _items(header: str) -> list[_Item]:
    items: list[_Item] = []
    current = _Item()
    depth = 0
    in_angle = False
    for match in _TOKEN.finditer(header):
        piece = match[0]
        if piece == "(":
            depth += 1
            current.comment.append(" " if depth == 1 else piece)
        elif depth:
            depth -= piece == ")"
            current.comment.append(piece if depth or piece != ")" else "")
        elif in_angle:
            in_angle = _inside_angle(current, piece)
        elif piece == "<":
            current = _begin_angle(items, current)
            in_angle = True
        else:
            current = _outside(items, current, piece)
        if len(items) >= MAX_ADDRESSES:
            return items
    items.append(current)
    return items


def _inside_angle(item: _Item, piece: str) -> bool:
    """Take a piece inside the brackets; answers whether they are still open."""
    if piece == ">":
        return False
    if piece == "<":
        item.angle = []
        return True
    if item.angle is not None:
        item.angle.append(piece)
    return True


def _begin_angle(items: list[_Item], item: _Item) -> _Item:
    """A second bracket in one entry: the comma between two addresses was forgotten."""
    if item.angle:
        items.append(item)
        item = _Item()
    item.angle = []
    return item


def _outside(items: list[_Item], item: _Item, piece: str) -> _Item:
    if piece in {",", ";"}:
        items.append(item)
        return _Item()
    if piece == ":" and not item.has_at and item.angle is None:
        return _Item()  # the name of a group
    if piece not in {">", ")"}:
        item.phrase.append(piece)
        item.has_at = item.has_at or "@" in piece
    return item


def _finish(item: _Item) -> NamedAddress:
    name, address = "", ""
    if item.angle is not None:
        address = _ROUTE.sub("", "".join(item.angle).strip()).strip()
        name = _phrase(item.phrase)
        if not address and "@" in name:
            name, address = "", name
    else:
        name, address = _without_angle(item)
    if "=?" in address:
        address = decode_words(address)
    return _named(name or decode_words("".join(item.comment).strip()), _compact(address))


def _without_angle(item: _Item) -> tuple[str, str]:
    """No brackets: the word with an @ is the address, the words around it are the name."""
    text = "".join(item.phrase).strip()
    if "@" in text and not text.startswith('"'):
        text = _AFTER_DOT.sub(r"\1", _AROUND.sub(r"\1\2\3", text))
    elif "@" not in text:
        one_word = bool(text) and not any(char.isspace() or char == '"' for char in text)
        return "", text if one_word and not text.startswith("=?") else ""
    words = text.split() if not text.startswith('"') else [text]
    at = next((index for index, word in enumerate(words) if "@" in word.strip("@")), None)
    if at is None or (len(words) == 3 and words[1] == "@"):
        return "", "".join(words)
    return _phrase([" ".join(words[:at] + words[at + 1 :])]), words[at].strip("[]'")


def _phrase(pieces: list[str]) -> str:
    out: list[str] = []
    for piece in pieces:
        if piece.startswith('"'):
            out.append(_UNQUOTE.sub(r"\1", piece.strip('"')))
        else:
            out.append(piece)
    return decode_words("".join(out).strip())


def _compact(address: str) -> str:
    if len(address) > MAX_ADDRESS_CHARS * 2:
        return ""
    quoted = address.startswith('"')
    if address.startswith("'") and address.endswith("'"):
        address = address.strip("'")
    return address if quoted else "".join(address.split())


def _named(name: str, address: str) -> NamedAddress:
    name = decode_words(name) if "=?" in name else name
    return NamedAddress(clean_name(name.strip().strip("'\"")), address, address_key(address))
