"""Opens mail signed as a whole (S/MIME, RFC 8551): the message inside, and the claimed signers.

A byte grammar (CMS, RFC 5652, in BER). Nothing is verified: a name in a certificate is a claim
until somebody checks the chain. Never raises.
"""

from dataclasses import dataclass
from typing import NamedTuple

from backend.domain.mail.address import clean_name

MAX_ELEMENTS = 200_000
"""Elements read of one message: streaming senders write one per kilobyte."""

MAX_DEPTH = 12
MOST_SIGNERS = 5
_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMMON_NAME = bytes.fromhex("550403")
_EMAIL = bytes.fromhex("2a864886f70d010901")
_SEQUENCE, _INTEGER, _OCTETS, _OBJECT, _FIRST = 0x30, 0x02, 0x04, 0x06, 0xA0
_WIDE, _TELETEX = 0x1E, 0x14


@dataclass(frozen=True, slots=True)
class Signed:
    """The message inside and the signers' names, as their certificates have them. The message is
    empty when the signature is detached.
    """

    content: bytes
    signers: tuple[str, ...]


class _Element(NamedTuple):
    """One element: its tag, and where its content begins and ends and the next one begins."""

    tag: int
    start: int
    stop: int
    after: int


class _Reader:
    """Elements of one message, counted, so that a hostile one ends early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._left = MAX_ELEMENTS

    def element(self, position: int, end: int, depth: int = 0) -> _Element:
        """The element at a position. Raises ValueError and IndexError where there is none."""
        self._left -= 1
        tag, length = self.data[position], self.data[position + 1]
        start = position + 2
        if self._left < 0 or depth > MAX_DEPTH or tag & 0x1F == 0x1F or start > end:
            raise ValueError("no element that is read here")
        if length == 0x80:
            stop = start
            while self.data[stop : stop + 2] != b"\x00\x00":
                stop = self.element(stop, end, depth + 1).after
            return _Element(tag, start, stop, stop + 2)
        if length > 0x80:
            size = length & 0x7F
            length = int.from_bytes(self.data[start : start + size], "big")
            start += size
        if start + length > end:
            raise ValueError("an element that is longer than its box")
        return _Element(tag, start, start + length, start + length)

    def inside(self, box: _Element) -> list[_Element]:
        """The elements inside another one."""
        found = []
        position = box.start
        while position < box.stop:
            one = self.element(position, len(self.data))
            found.append(one)
            position = one.after
        return found

    def content(self, one: _Element) -> bytes:
        """The content of a primitive element."""
        return self.data[one.start : one.stop]

    def octets(self, one: _Element) -> bytes:
        """A string of octets, which may come in pieces."""
        if one.tag & 0x20:
            return b"".join(self.octets(piece) for piece in self.inside(one))
        return self.content(one)


def read_signed(data: bytes) -> Signed | None:
    """The message in a signed one, or a signature alone; None when it is neither, or encrypted."""
    reader = _Reader(data)
    try:
        outer = reader.inside(reader.element(0, len(data)))
        if reader.content(outer[0]) != _SIGNED:
            return None
        [body] = reader.inside(outer[1])
        fields = reader.inside(body)
        encapsulated = reader.inside(fields[2])
        content = b""
        if len(encapsulated) > 1:
            [octets] = reader.inside(encapsulated[1])
            content = reader.octets(octets)
        return Signed(content, _signers(reader, fields))
    except (ValueError, IndexError, RecursionError):
        return None


def _signers(reader: _Reader, fields: list[_Element]) -> tuple[str, ...]:
    """The subjects of the certificates that the signatures name."""
    try:
        named = {
            reader.content(reader.inside(sid)[1])
            for signer in reader.inside(fields[-1])[:MOST_SIGNERS]
            if (sid := reader.inside(signer)[1]).tag == _SEQUENCE
        }
        boxes = [one for box in fields[3:-1] if box.tag == _FIRST for one in reader.inside(box)]
        told = [name for box in boxes if (name := _subject(reader, box, named))]
        return tuple(dict.fromkeys(told))[:MOST_SIGNERS]
    except (ValueError, IndexError, RecursionError):
        return ()


def _subject(reader: _Reader, certificate: _Element, serials: set[bytes]) -> str:
    fields = reader.inside(reader.inside(certificate)[0])
    fields = fields[1:] if fields[0].tag == _FIRST else fields
    if serials and reader.content(fields[0]) not in serials:
        return ""
    told: dict[bytes, str] = {}
    for group in reader.inside(fields[4]):
        for pair in reader.inside(group):
            kind, value = reader.inside(pair)
            told.setdefault(reader.content(kind), _text(value.tag, reader.content(value)))
    return clean_name(told.get(_COMMON_NAME) or told.get(_EMAIL) or "")


def _text(tag: int, value: bytes) -> str:
    if tag == _WIDE:
        return value.decode("utf-16-be", "replace")
    return value.decode("latin-1" if tag == _TELETEX else "utf-8", "replace")
