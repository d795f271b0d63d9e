"""Extracts files that old senders pasted into the text as uuencode.

Separate from `transfer`, where a whole part is encoded: here the body is text with files in it.
"""

import re
from typing import NamedTuple

from backend.domain.mail.mime.transfer import decode_uu

_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\r\n]{0,255})$", re.MULTILINE)
_END = re.compile(r"^end[ \t]*$", re.MULTILINE)
_MAX_FILES = 50


class UuFile(NamedTuple):
    """One file found in a text."""

    filename: str
    size: int


class Extracted(NamedTuple):
    """The text without the files, and the files."""

    text: str
    files: tuple[UuFile, ...]


def extract_uu(text: str) -> Extracted:
    """Extracts uuencoded files from a body whose lines end in a bare line feed."""
    if "\nbegin " not in text and not text.startswith("begin "):
        return Extracted(text, ())
    kept: list[str] = []
    files: list[UuFile] = []
    position = 0
    while len(files) < _MAX_FILES:
        begin = _BEGIN.search(text, position)
        end = _END.search(text, begin.end()) if begin else None
        if begin is None or end is None or not _looks_encoded(text, begin.end(), end.start()):
            break
        block = text[begin.start() : end.end()].encode("ascii", "replace")
        files.append(UuFile(begin[1].rstrip(" \t"), len(decode_uu(block).data)))
        kept.append(text[position : begin.start()])
        position = end.end() + 1
    kept.append(text[position:])
    return Extracted("".join(kept), tuple(files))


def _looks_encoded(text: str, start: int, end: int) -> bool:
    """Whether the first line after `begin` has the length that its first character announces."""
    line = text[start + 1 : end].partition("\n")[0].rstrip("\r")
    if not line:
        return False
    announced = ((ord(line[0]) - 32) & 63) * 4 / 3
    return abs(len(line) - 1 - announced) <= 4
