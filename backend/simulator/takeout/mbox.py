"""Mails out of an mbox file, whichever of its dialects it is written in.

A mail begins at a line `From …` that opens the file or follows a blank line, and is followed by
something like a header or carries a date. Google Takeout, mutt, Thunderbird and mailman all do.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from backend.simulator.takeout.found import Found

MARK = b"From "
DATED = re.compile(rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*\d\d:\d\d")
HEADER_LIKE = re.compile(rb">?[!-9;-~]+:")
ESCAPED = re.compile(rb"\n>(>*From )")


def read_mbox(path: Path) -> Iterator[Found]:
    """Messages in file order. Text before the first mark is not a message."""
    if path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = _next_mark(content, 0)
        while start is not None:
            end = _next_mark(content, start + len(MARK))
            yield _found(content, start, len(content) if end is None else end)
            start = end


def _next_mark(content: mmap.mmap, at: int) -> int | None:
    """Where the next mail begins, at `at` or later."""
    if at == 0 and content[: len(MARK)] == MARK and _opens_mail(content, 0):
        return 0
    place = content.find(b"\n" + MARK, max(0, at - 1))
    while place != -1:
        if _opens_mail(content, place + 1):
            return place + 1
        place = content.find(b"\n" + MARK, place + 1)
    return None


def _opens_mail(content: mmap.mmap, place: int) -> bool:
    line_end = content.find(b"\n", place)
    if line_end == -1:
        return False
    dated = DATED.search(content[place:line_end]) is not None
    headed = HEADER_LIKE.match(content[line_end + 1 : line_end + 200]) is not None
    before = content[max(0, place - 3) : place]
    after_blank = place == 0 or before.endswith((b"\n\n", b"\n\r\n"))
    return (dated or headed) if after_blank else (dated and headed)


def _found(content: mmap.mmap, start: int, end: int) -> Found:
    line_end = content.find(b"\n", start)
    raw = content[line_end + 1 : end]
    if b"From " in raw:
        raw = ESCAPED.sub(rb"\n\1", raw)
    envelope = content[start + len(MARK) : line_end].decode("latin-1").strip()
    return Found(_without_blank_line(raw), envelope, done_bytes=end)


def _without_blank_line(raw: bytes) -> bytes:
    """The empty line before the next mark belongs to the mbox, not to the mail."""
    if raw.endswith(b"\r\n\r\n"):
        return raw[:-2]
    return raw[:-1] if raw.endswith(b"\n\n") else raw
