"""Parses an address header into addresses: split first, decode afterwards.

Separate from `address` because this parser reads hostile input. Decoding encoded words before
splitting would let a comma inside a name become a second address; an address in angle brackets wins
over anything around it, as in every mail client (RFC 5322 §3.4).
"""

import re
from dataclasses import dataclass, field

from backend.domain.mail.address import MAX_ADDRESS_CHARS, address_key, clean_name
from backend.domain.mail.address_spelling import cleaned, mended, without_marks
from backend.domain.mail.message import NamedAddress
from backend.domain.mail.mime.words import decode_words

MAX_ADDRESSES = 2000
MAX_SENDER_CHARS = 4000
"""Characters of a From field that are read: one name and one address have some hundred."""

# Each pattern matches in one way only; otherwise a field of blanks or quotes costs minutes.
_SIMPLE = re.compile(r"\"?+([^\"<>@,;:()\\]*+)\"?+\s*+<([^<>\s@\",;:()]++@[^<>\s@\",;:()]++)>")
_BARE = re.compile(r"[^<>\s@\",;:()\\\[\]=?]++@[^<>\s@\",;:()\\\[\]=?]++")
_AROUND = re.compile(r"(?<![ \t])[ \t]++(?:(\.)|(@)[ \t]*+)|(@)[ \t]*+")
_AFTER_DOT = re.compile(r"(@[^\s.]{1,64}\.)[ \t]+(?=\w)")
_BROKEN = re.compile(r"^@|^[^\"\[]*[;:<>]")
_ROUTE = re.compile(r"^(?:@[^:,@]++,?)++:")
_TOKEN = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"?|[(),:;<>\\]|[^\"(),:;<>\\]++", re.DOTALL)
_AT = re.compile(r"[^\s@\"]@[^\s@]|@[^\s@]{1,255}\.[^\s@.]")
_QUOTED_NAME = re.compile(r"\"(?:[^\"\\]|\\.)*+\"(?=\s)", re.DOTALL)
_UNQUOTE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Item:
    """One entry while it is read. `whole`: the brackets hold an address, so a comma ends the entry;
    false for a route, which begins with @. `closed`: length of the phrase when the bracket closed.
    `ended`: the delimiter after the entry.
    """

    phrase: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    whole: bool = False
    closed: int = 0
    has_at: bool = False
    ended: str = ""


def parse_address_list(header: str) -> tuple[NamedAddress, ...]:
    """All addresses of a raw header value. Groups are flattened; entries without an address drop.

    >>> [a.address for a in parse_address_list('"L, M" <m@a.example>, ceo@b.example <x@c.example>')]
    ['m@a.example', 'x@c.example']
    """
    header = header.strip()
    simple = _SIMPLE.fullmatch(header)
    if simple:
        return (_named(simple[1], cleaned(simple[2])),)
    if _BARE.fullmatch(header):
        return (_named("", cleaned(header)),)
    found = (one for item in _joined(_items(mended(header))) for one in _finish(item))
    kept = [one for one in found if one.address and not _BROKEN.search(one.address)]
    return _each_once([one for one in kept if "@" in one.address] or kept)


def _each_once(found: list[NamedAddress]) -> tuple[NamedAddress, ...]:
    """Drops an address that only repeats the one before it: "<a@x <mailto:a@x>>"."""
    return tuple(
        one
        for before, one in zip([None, *found], found[:MAX_ADDRESSES], strict=False)
        if before is None or one.name or one.address != before.address
    )


def parse_sender(header: str) -> NamedAddress | None:
    """The first address of a From field, or at least its name."""
    header = header[:MAX_SENDER_CHARS]
    addresses = parse_address_list(header)
    if addresses and (addresses[0].key or len(addresses) == 1):
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
            current, in_angle = _inside_angle(items, current, piece)
        elif piece == "<":
            current = _begin_angle(items, current)
            in_angle = True
        else:
            current = _outside(items, current, piece)
        if len(items) >= MAX_ADDRESSES:
            return items
    items.append(current)
    return items


def _inside_angle(items: list[_Item], item: _Item, piece: str) -> tuple[_Item, bool]:
    """Take a piece inside the brackets; answers the entry, and whether they are still open."""
    angle = item.angle if item.angle is not None else []
    if piece == ">":
        item.closed = len(item.phrase)
        return item, False
    if piece == "<":
        return _reopened(items, item, angle), True
    if piece in {",", ";"} and item.whole:
        return _end(items, item, piece), False
    angle.append(piece)
    item.whole = item.whole or ("@" in piece and not angle[0].lstrip().startswith("@"))
    return item, True


def _reopened(items: list[_Item], item: _Item, angle: list[str]) -> _Item:
    """Handles a bracket inside brackets: it was doubled, or the one before was never closed."""
    if not item.whole:
        item.angle = []
        return item
    words = "".join(angle).split()
    at = next(index for index, word in enumerate(words) if "@" in word)
    item.angle = [words[at]]
    items.append(item)
    return _Item(phrase=[" ".join(words[at + 1 :])], angle=[])


def _begin_angle(items: list[_Item], item: _Item) -> _Item:
    """Handles a second bracket in one entry: the comma between two addresses is missing."""
    if item.angle:
        behind = item.phrase[item.closed :] if item.closed else []
        item.phrase = item.phrase[: len(item.phrase) - len(behind)]
        items.append(item)
        item = _Item(phrase=behind)
    item.angle = []
    return item


def _end(items: list[_Item], item: _Item, mark: str) -> _Item:
    item.ended = mark
    items.append(item)
    return _Item()


def _outside(items: list[_Item], item: _Item, piece: str) -> _Item:
    if item.phrase and item.phrase[-1] == "\\":
        item.phrase[-1] = piece
    elif piece in {",", ";"}:
        return _end(items, item, piece)
    elif piece == ":" and not item.has_at and item.angle is None:
        return _Item()  # the name of a group
    elif piece not in {">", ")"}:
        item.phrase.append(piece)
        item.has_at = item.has_at or "@" in piece
    return item


def _joined(items: list[_Item]) -> list[_Item]:
    """Rejoins a name with commas in it: "Lang, Mia <mia@a.example>"."""
    out: list[_Item] = []
    waiting: list[_Item] = []
    for item in items:
        if item.angle is None and item.ended == "," and not _has_address(item):
            waiting.append(item)
            continue
        named = item.angle is not None or (item.has_at and len("".join(item.phrase).split()) > 1)
        if waiting and named:
            item.phrase = [*_with_commas(waiting), *item.phrase]
            item.closed = 0
        else:
            out += waiting
        waiting = []
        out.append(item)
    return [*out, *waiting]


def _with_commas(waiting: list[_Item]) -> list[str]:
    pieces: list[str] = []
    for item in waiting:
        pieces += [*item.phrase, ","]
    return pieces


def _has_address(item: _Item) -> bool:
    """Whether an entry without brackets holds an address; "Sales @ Home" is a name."""
    text = "".join(item.phrase)
    return bool(item.has_at and _AT.search(text)) or any("@" in piece for piece in item.comment)


def _finish(item: _Item) -> list[NamedAddress]:
    if item.angle is None:
        return _without_angle(item)
    name, address = _phrase(item.phrase), _ROUTE.sub("", "".join(item.angle).strip()).strip()
    if not address and "@" in name:
        name, address = "", name
    if "=?" in address:
        address = decode_words(address)
    return [_named(name or decode_words("".join(item.comment).strip()), cleaned(address))]


def _without_angle(item: _Item) -> list[NamedAddress]:
    """Without brackets: each word with an @ is an address; the words around a single one are its
    name.
    """
    comment = decode_words("".join(item.comment).strip())
    text = "".join(item.phrase).strip()
    if not item.has_at:
        return _without_at(text, comment)
    quoted = text.startswith('"')
    if quoted and (name := _QUOTED_NAME.match(text)) and "@" in text[name.end() :]:
        return [_named(_phrase([name[0]]), cleaned(text[name.end() :]))]
    if not quoted:
        text = _AFTER_DOT.sub(r"\1", _AROUND.sub(r"\1\2\3", text))
    words = [text] if quoted else text.split()
    places = [index for index, word in enumerate(words) if "@" in word.strip("@")]
    if not places or (len(words) == 3 and words[1] == "@"):
        return [_named(comment, cleaned("".join(words)))]
    if len(places) > 1 and all(_AT.search(words[index]) for index in places):
        return [_named("", _bare(words[index])) for index in places]
    rest = words[: places[0]] + words[places[0] + 1 :]
    return [_named(_phrase([" ".join(rest)]) or comment, _bare(words[places[0]]))]


def _without_at(text: str, comment: str) -> list[NamedAddress]:
    """At most the name of a local user, unless the address is in parentheses."""
    inside = next((word for word in comment.split() if _AT.search(word)), "")
    if inside:
        return [_named(text, cleaned(inside))]
    one_word = bool(text) and not any(char.isspace() or char == '"' for char in text)
    return [_named(comment, text if one_word and not text.startswith("=?") else "")]


def _bare(word: str) -> str:
    around = "'" if "@[" in word else "[]'"
    return _decoded(cleaned(word.strip(around)))


def _decoded(address: str) -> str:
    return decode_words(address) if "=?" in address else address


def _phrase(pieces: list[str]) -> str:
    out: list[str] = []
    for piece in pieces:
        if piece.startswith('"'):
            out.append(_UNQUOTE.sub(r"\1", piece.strip('"')))
        else:
            out.append(piece)
    return decode_words("".join(out).strip())


def _named(name: str, address: str) -> NamedAddress:
    name = decode_words(name) if "=?" in name else name
    address = address if len(address) <= 2 * MAX_ADDRESS_CHARS else ""
    return NamedAddress(clean_name(without_marks(name)), address, address_key(address))
