"""Outlook's own format, `winmail.dat` (MS-OXTNEF): its files, and its text where there is any.

A byte grammar. Exchange sends it to recipients it takes for colleagues; nobody else can open it.
Never raises; unreadable parts are left out.
"""

import struct
from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"
MOST_FILES = 100
MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 2_000
_TEXT, _CODEPAGE, _PROPERTIES = 0x0002800C, 0x00069007, 0x00069003
_BEGIN, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_BODY, _RICH, _HTML = 0x1000, 0x1009, 0x1013
_LONG_NAME, _MIME, _CONTENT = 0x3707, 0x370E, 0x3701
_HEADER = struct.Struct("<BII")
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_LISTED = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_NAMED, _MANY, _STRING, _WIDE = 0x8000, 0x1000, 0x1E, 0x1F


@dataclass(slots=True)
class TnefFile:
    """One file: its name as written, its type where one is given, and its bytes."""

    name: str = ""
    content_type: str = ""
    data: bytes = b""


@dataclass(slots=True)
class Tnef:
    """The content. `html` is in the charset it names itself; `rich` is compressed rich text."""

    text: str = ""
    html: bytes = b""
    rich: bytes = b""
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(data: bytes) -> Tnef | None:
    """The content; None when it is not in this format."""
    if not data.startswith(SIGNATURE):
        return None
    found = Tnef()
    codepage = "cp1252"
    position = len(SIGNATURE) + 2
    for _ in range(MOST_ATTRIBUTES):
        if position + _HEADER.size > len(data):
            break
        _, kind, length = _HEADER.unpack_from(data, position)
        start = position + _HEADER.size
        value = data[start : start + length]
        position = start + length + 2
        if kind == _CODEPAGE and length >= 4:
            codepage = f"cp{int.from_bytes(value[:4], 'little')}"
        _take(found, kind, value, codepage)
    return found


def _take(found: Tnef, kind: int, value: bytes, codepage: str) -> None:
    if kind == _TEXT:
        found.text = found.text or _string(value, codepage)
    elif kind == _PROPERTIES:
        told = _properties(value, codepage)
        found.text = found.text or str(told.get(_BODY) or "")
        found.html = found.html or _as_bytes(told.get(_HTML))
        found.rich = found.rich or _as_bytes(told.get(_RICH))
    elif kind == _BEGIN and len(found.files) < MOST_FILES:
        found.files.append(TnefFile())
    elif found.files:
        _take_of_file(found.files[-1], kind, value, codepage)


def _take_of_file(file: TnefFile, kind: int, value: bytes, codepage: str) -> None:
    if kind == _TITLE:
        file.name = file.name or _string(value, codepage)
    elif kind == _DATA:
        file.data = value
    elif kind == _FILE_PROPERTIES:
        told = _properties(value, codepage)
        file.name = str(told.get(_LONG_NAME) or file.name)
        file.content_type = str(told.get(_MIME) or "")
        file.data = file.data or _as_bytes(told.get(_CONTENT))


def _as_bytes(value: str | bytes | None) -> bytes:
    return value if isinstance(value, bytes) else b""


def _string(value: bytes, codepage: str) -> str:
    try:
        return value.partition(b"\x00")[0].decode(codepage, "replace")
    except LookupError:
        return value.partition(b"\x00")[0].decode("cp1252", "replace")


def _properties(data: bytes, codepage: str) -> dict[int, str | bytes]:
    """Texts and bytes of a list of MAPI properties, by number (MS-OXTNEF §2.1.3.4)."""
    found: dict[int, str | bytes] = {}
    try:
        count = min(int.from_bytes(data[:4], "little"), MOST_PROPERTIES)
        position = 4
        for _ in range(count):
            kind, number = struct.unpack_from("<HH", data, position)
            position = _behind_name(data, position + 4) if number >= _NAMED else position + 4
            values, position = _values(data, position, kind)
            if values:
                found.setdefault(number, _shown(values[0], kind, codepage))
    except (struct.error, ValueError):
        return found
    return found


def _behind_name(data: bytes, position: int) -> int:
    kind = struct.unpack_from("<I", data, position + 16)[0]
    position += 20
    if kind == 0:
        return position + 4
    length: int = struct.unpack_from("<I", data, position)[0]
    return position + 4 + length + -length % 4


def _values(data: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    """The values of one property and where the next one begins. Raises ValueError for an unknown
    kind, whose length is unknown.
    """
    base = kind & ~_MANY
    if base in _LISTED or kind & _MANY:
        count = struct.unpack_from("<I", data, position)[0]
        position += 4
    else:
        count = 1
    values = []
    for _ in range(min(count, MOST_PROPERTIES)):
        if base in _LISTED:
            length = struct.unpack_from("<I", data, position)[0]
            values.append(data[position + 4 : position + 4 + length])
            position += 4 + length + -length % 4
        elif base in _FIXED:
            position += _FIXED[base]
        else:
            raise ValueError("a property of an unknown kind")
    return values, position


def _shown(value: bytes, kind: int, codepage: str) -> str | bytes:
    base = kind & ~_MANY
    if base == _WIDE:
        return value.decode("utf-16-le", "replace").partition("\x00")[0]
    return _string(value, codepage) if base == _STRING else value
