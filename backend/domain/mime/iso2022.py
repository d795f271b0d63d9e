"""ISO-2022-JP as Japanese senders write it, with the letters that the standard left out.

Separate because Python's codec refuses the circled digits, Roman numerals and rare kanji of NEC and
IBM that most Japanese programs put into such mail, and half-width kana. Each run between escapes is
carried over into Shift_JIS, whose codec knows them.
"""

import re

_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([A-Z]|\([A-Z])")
_TWO_BYTES = (b"\x1b$@", b"\x1b$B", b"\x1b$(D")
_KANA = b"\x1b(I"


def decode_japanese(data: bytes) -> str:
    r"""The text of ISO-2022-JP; what no table knows becomes the replacement character.

    >>> decode_japanese(b"\x1b$B-!\x1b(B!")
    '①!'
    """
    out: list[str] = []
    position, escape = 0, b""
    for match in (*_ESCAPE.finditer(data), None):
        run = data[position : match.start() if match else len(data)]
        out.append(_run(run, escape))
        if match:
            position, escape = match.end(), match[0]
    return "".join(out)


def _run(run: bytes, escape: bytes) -> str:
    if escape in _TWO_BYTES:
        return b"".join(_shifted(run)).decode("cp932", "replace")
    if escape == _KANA:
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in run).decode(
            "cp932", "replace"
        )
    return run.decode("cp932", "replace")


def _shifted(run: bytes) -> list[bytes]:
    """Rows and cells of JIS X 0208 as Shift_JIS; line ends inside a run stay what they are."""
    out: list[bytes] = []
    index = 0
    while index < len(run):
        row, cell = run[index], run[index + 1] if index + 1 < len(run) else 0
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out.append(run[index : index + 1])
            index += 1
            continue
        lead = (row - 0x21) // 2 + (0x81 if row <= 0x5E else 0xC1)
        trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
        out.append(bytes((lead, trail)))
        index += 2
    return out
