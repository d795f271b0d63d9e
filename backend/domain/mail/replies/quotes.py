"""Finds where a quote begins in plain text: the line above it, a header block, or a ruled line.

This is recognition only; `text` decides what to keep. All patterns run on single lines, or on at
most five joined ones, so the cost grows with the number of lines.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies import words
from backend.domain.mail.replies.header_blocks import (
    MAX_JOINED_CHARS,
    YEAR_OR_TIME,
    header_block_end,
)
from backend.domain.mail.replies.shapes import introductions

MAX_JOINED_LINES = 5


class Kind(Enum):
    """What marks the start of a quote."""

    ATTRIBUTION = auto()
    HEADERS = auto()
    ORIGINAL = auto()
    FORWARD = auto()


class Marker(NamedTuple):
    """Lines `start` to `end` (exclusive) introduce what follows."""

    start: int
    end: int
    kind: Kind


_WROTE = words.any_word(words.WROTE)
_LEAD = words.any_word(words.LEAD)
_MAIL = r"[^\s<>@]{1,100}@[^\s<>@]{1,200}"
# Every run is bounded: a line of ten thousand asterisks must cost no more than a short one.
_DECORATION = r"^[\s>*_|]{0,30}+(?:[-=]{2,40}+\s{0,5}+)?"
_WROTE_WORDS = frozenset(words.WROTE.split("|"))
_UNSPACED = tuple(word for word in _WROTE_WORDS if not word.isascii() and word[0] > "\u0e00")
_CLOSING = frozenset(":\uff1a>-)")
_HAS_WROTE = lazy_pattern(rf"(?:{_WROTE})(?:\b|$|\W)", re.IGNORECASE)
_STARTS = lazy_pattern(
    rf"{_DECORATION}(?:(?:{_LEAD})[\s,]|\"?{words.WEEKDAY}[a-zäöüéáà-]{{0,9}}[.,\s]"
    r"|\d{1,4}[./:\s年년-])",
    re.IGNORECASE,
)
_BY_ADDRESS = lazy_pattern(
    rf"^[\s*\"'<(]{{0,20}}+{_MAIL}[\s>)\"']{{1,5}}(?:{_WROTE})\s{{0,3}}[:\uff1a]", re.IGNORECASE
)
_STARTS_WITH_NAME = lazy_pattern(
    rf"^[\s*\"']{{0,20}}+[^\s<>@:][^<>@:\n]{{0,80}}[\s<(]{{1,3}}{_MAIL}", re.IGNORECASE
)
_LED = lazy_pattern(rf"(?:{_LEAD})\s")
_DIGIT = lazy_pattern(r"\d")
_ADDRESS = lazy_pattern(r"[^\s<>@]@[^\s<>@]")
_BRACKETED_END = lazy_pattern(rf"<\s*+(?:mailto:)?+{_MAIL}[\s>]*+(?:[:\uff1a]\s*+)?$")
_DATE_FIRST = lazy_pattern(
    rf"{_DECORATION}\"?(?:{words.WEEKDAY}[a-zäöüéáà-]{{0,9}}[.,]?\s+)?(?:\d|[a-z]{{3,9}}\.? \d)",
    re.IGNORECASE,
)
_GMT = lazy_pattern(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
_MIDLINE = lazy_pattern(
    r"(?P<before>.{0,500}?\S)(?:\s{0,3}-{2,20}\s{0,3}On|\s{1,3}On) "
    r"(?P<rest>(?:\w{3,9},? ){0,2}\w{0,9} ?\d[^\n]{5,200} (?:wrote|sent):?)$"
)
_MIDLINE_ENDS = (" wrote:", " wrote", " sent:", " sent")
# Yahoo puts the first field on the same line.
_RULED = (
    r"^[\s>]{0,20}+[-=_*]{2,60}+\s{0,5}+(?:%s)[^\n]{0,60}?[-=_*]{2,60}"
    r"[\s*]{0,20}(?:[^\s:][^\s:]{0,20}(?: [^\s:]{1,10})? ?:[^\n]{0,300})?$"
)
_ORIGINAL = lazy_pattern(_RULED % words.any_word(words.ORIGINAL), re.IGNORECASE)
_FORWARDED = lazy_pattern(_RULED % words.any_word(words.FORWARDED), re.IGNORECASE)
_BEGIN_FORWARD = lazy_pattern(
    rf"^[\s>*]{{0,20}}+(?:{words.BEGIN_FORWARD})\s{{0,3}}[:\uff1a]?[\s*]{{0,20}}$", re.IGNORECASE
)
_ANDROID = lazy_pattern(
    r"^[\s>*]{0,20}+-{2,40}+\s{0,5}+\S.{0,150}? (?:wrote|schrieb|a écrit)\s{0,5}-{2,40}$",
    re.IGNORECASE,
)
_REPLY_ABOVE = lazy_pattern(
    r"^[\s#>*_-]{0,20}+(?:please )?(?:type|write|enter|reply)[^\n]{0,20} (?:above|over) this line",
    re.IGNORECASE,
)


def find_markers(lines: list[str]) -> list[Marker]:
    """All markers, in order. Quoted lines may hold markers, too."""
    lines = [words.read_as(line) if len(line) <= MAX_JOINED_CHARS else line for line in lines]
    closers = _next_closers(lines)
    shaped = introductions(lines)
    found: list[Marker] = []
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        marker = _marker_at(lines, index, closers[index]) if line else None
        if marker is None and index in shaped:
            marker = Marker(index, shaped[index], Kind.ATTRIBUTION)
        if marker is None:
            index += 1
        else:
            found.append(marker)
            index = marker.end
    return found


def _next_closers(lines: list[str]) -> list[int]:
    """For each line the next one that could end an attribution: all others are skipped."""
    closers = [len(lines)] * len(lines)
    following = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].rstrip(" \t*")
        if line and (line[-1] in _CLOSING or _ends_with_wrote(line) or _GMT.match(line)):
            following = index
        closers[index] = following
    return closers


def _ends_with_wrote(line: str) -> bool:
    """Whether the last word means "wrote"; some scripts put no space before it."""
    tail = line[-60:].lower().rstrip(" \t:\uff1a>*.-")
    words_of_tail = tail.replace(">", " ").split()
    return bool(words_of_tail) and (words_of_tail[-1] in _WROTE_WORDS or tail.endswith(_UNSPACED))


def split_midline(line: str) -> tuple[str, str] | None:
    """Splits a line that ends in an attribution: the text, and the attribution."""
    if "On " not in line or not line.endswith(_MIDLINE_ENDS) or len(line) > 1000:
        return None
    match = _MIDLINE.match(line)
    if match is None or match["before"].strip(" >") == "":
        return None
    return match["before"].rstrip(" -"), f"On {match['rest']}"


def _marker_at(lines: list[str], index: int, closer: int) -> Marker | None:
    line = lines[index]
    if len(line) > MAX_JOINED_CHARS:
        return None
    kind = _ruled_kind(line)
    if kind is not None:
        return Marker(index, index + 1, kind)
    if ":" in line or "\uff1a" in line:
        end = header_block_end(lines, index)
        if end:
            return Marker(index, end, Kind.HEADERS)
    if closer - index > MAX_JOINED_LINES:
        return None
    end = index + 1 if _BY_ADDRESS.match(line) else _attribution_end(lines, index)
    return Marker(index, end, Kind.ATTRIBUTION) if end else None


def _ruled_kind(line: str) -> Kind | None:
    if line.lstrip()[0] in "-=_*>#" or ":" in line or "\uff1a" in line:
        if _FORWARDED.match(line) or _BEGIN_FORWARD.match(line):
            return Kind.FORWARD
        if _ORIGINAL.match(line) or _ANDROID.match(line) or _REPLY_ABOVE.match(line):
            return Kind.ORIGINAL
    return None


def _attribution_end(lines: list[str], index: int) -> int:
    """The line after an attribution that begins at `index`; 0 without one."""
    led = bool(_STARTS.match(lines[index]))
    if not led and not _STARTS_WITH_NAME.match(lines[index]):
        return 0
    joined = ""
    for position in range(index, min(index + MAX_JOINED_LINES + 2, len(lines))):
        part = lines[position].strip(" \t>*")
        if not part:
            if _breaks_off(lines, position):
                break
            continue
        if joined and _is_new_start(part, joined):
            break
        joined = f"{joined} {part}".strip()
        if len(joined) > MAX_JOINED_CHARS:
            break
        if _is_attribution(joined, led=led):
            return position + 1
    return 0


def _breaks_off(lines: list[str], position: int) -> bool:
    """Whether a blank line ends the attempt: some programs put the address on lines of its own."""
    following = lines[position + 1].strip() if position + 1 < len(lines) else ""
    return following not in ("<", ">") and not following.startswith("mailto:")


def _is_new_start(part: str, joined: str) -> bool:
    """Whether a later line begins its own attribution, so that the first was prose."""
    led = _LED.match(part) is not None and not joined.endswith((",", "<"))
    return led and bool(_DIGIT.search(part))


def _is_attribution(joined: str, *, led: bool) -> bool:
    dated = bool(_DIGIT.search(joined))
    addressed = bool(_ADDRESS.search(joined))
    if _ends_with_wrote(joined):
        return (led and dated) or addressed
    closed = joined.endswith((":", "\uff1a"))
    if closed and _HAS_WROTE.search(joined):
        return dated and (addressed or led)
    if not _DATE_FIRST.match(joined) or not YEAR_OR_TIME.search(joined):
        return False
    if _GMT.match(joined):
        return True
    return bool(_BRACKETED_END.search(joined)) or (closed and addressed)


def leads_to_headers(line: str) -> bool:
    """Whether a line says who wrote when, so that it belongs to the header block below it."""
    return (
        len(line) <= MAX_JOINED_CHARS
        and _STARTS.match(line) is not None
        and _DIGIT.search(line) is not None
        and _HAS_WROTE.search(line) is not None
    )
