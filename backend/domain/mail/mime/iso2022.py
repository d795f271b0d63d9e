"""ISO-2022-JP as Japanese senders write it, with the characters that the standard left out.

Python's codec refuses the circled digits, Roman numerals and rare kanji of NEC and IBM that most
Japanese programs put into such mail, and half-width kana. Each run between escapes is decoded by a
table of the cells that Shift_JIS knows, whose codec has them.
"""

import re
from collections.abc import Iterator
from functools import cache

_ESCAPE = re.compile(rb"(\x1b(?:\$[@B]|\$\([A-Z]|\([A-Z]))")
_PAIRS = re.compile(rb"((?:[\x21-\x7e]{2})++)")
_TWO_BYTES = frozenset({b"\x1b$@", b"\x1b$B", b"\x1b$(D"})
_MOST_RUNS = 30_000
"""Runs decoded by our table; after them the codec decodes as well as it can."""

_KANA = b"\x1b(I"
_HALF_WIDTH = bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in range(256))


def decode_japanese(data: bytes) -> str:
    r"""The text of ISO-2022-JP; what no table knows becomes the replacement character.

    >>> decode_japanese(b"\x1b$B-!\x1b(B!")
    '①!'
    """
    return "".join(_runs(data))


def _runs(data: bytes) -> Iterator[str]:
    first, *rest = _ESCAPE.split(data, _MOST_RUNS)
    remaining = b"".join(rest[2 * _MOST_RUNS - 2 :])
    del rest[2 * _MOST_RUNS - 2 :]
    yield _shift_jis(first)
    for escape, run in zip(rest[::2], rest[1::2], strict=True):
        if run and escape in _TWO_BYTES:
            yield from _cells(run)
        elif run:
            yield _shift_jis(run.translate(_HALF_WIDTH) if escape == _KANA else run)
    yield remaining.decode("iso2022_jp_ext", "replace")


def _cells(run: bytes) -> Iterator[str]:
    """Rows and cells of JIS X 0208; line ends inside a run are kept."""
    for at, piece in enumerate(_PAIRS.split(run)):
        if at % 2:
            yield piece.decode("utf-16-be").translate(_letters())
        elif piece:
            yield _shift_jis(piece)


def _shift_jis(data: bytes) -> str:
    return data.decode("ascii" if data.isascii() else "cp932", "replace")


@cache
def _letters() -> dict[int, str]:
    """The letter of each row and cell."""
    places = ((row, cell) for row in range(0x21, 0x7F) for cell in range(0x21, 0x7F))
    return {row << 8 | cell: _letter(row, cell) for row, cell in places}


def _letter(row: int, cell: int) -> str:
    lead = (row - 0x21) // 2 + (0x81 if row <= 0x5E else 0xC1)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((lead, trail)).decode("cp932", "replace")[:1]
