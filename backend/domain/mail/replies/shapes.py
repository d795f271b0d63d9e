"""Finds lines that introduce a quote by their shape, in any language: directly above it, ending in
a colon, with an address or beginning with a date.

Separate from `quotes`, which knows the words of each language and needs no quote to follow.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies import words

QUOTED = lazy_pattern(r"^[ \t]{0,4}(?:>|\|(?= |$)|[A-Z]{1,3}> |[A-Z][\w-]{1,20}> )")
MAX_LINES = 4
MAX_CHARS = 450
MAX_GAP = 2
"""Blank lines between such a line and the quote."""

_COLONS = (":", "\uff1a")
# Direction marks, and what programs put around such a line.
_AROUND = " \t*_|\ufeff\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_ADDRESS = lazy_pattern(r"[^\s<>@]@[^\s<>@]")
_DATED = lazy_pattern(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d|\d{4}[\u5e74\ub144]")
_DAY = lazy_pattern(r"(?<!\d)\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)")
_BEGINS_DATED = lazy_pattern(
    rf"[\s>*_|\"]{{0,20}}+(?:(?:{words.any_word(words.LEAD)})[\s,]|{words.WEEKDAY}[^\W\d]{{0,12}}[.,\s]"
    r"|\d{1,4}\s?[./:年년-]|\d{1,2}\.? [^\W\d]{3,12})",
    re.IGNORECASE,
)
# Where a sentence ends and such a line begins without a break between them.
_PLACES = lazy_pattern(
    rf"[.!?\u2026)\]\u2013\u2014-]\s{{1,3}}(?P<rest>(?:{words.any_word(words.LEAD)})[\s,]"
    rf"|{words.WEEKDAY}[^\W\d]{{0,12}}[.,] |\d{{1,4}}[./年년-]\d)"
)
_LEADING = lazy_pattern(rf"^(?:{words.any_word(words.LEAD)})\s", re.IGNORECASE)
_WROTE = lazy_pattern(rf"(?:{words.any_word(words.WROTE)})", re.IGNORECASE)


def is_introduction(text: str) -> bool:
    """Whether text directly above a quote says who wrote it, or when.

    >>> is_introduction("2025년 6월 3일 (화) 오전 10:00, Kim <kim@a.example>님이 작성:")
    True
    >>> is_introduction("Please put this on the invoice:")
    False
    """
    text = text.strip(_AROUND)
    if not text.endswith(_COLONS) or len(text) > MAX_CHARS:
        return False
    if _ADDRESS.search(text) or (_BEGINS_DATED.match(text) and _DATED.search(text)):
        return True
    return _DAY.search(text) is not None and _WROTE.search(text) is not None


def without_lead(text: str) -> str:
    """What precedes a name in such a line, without the words that lead to it and away.

    >>> without_lead("Am 3. Mai 2026 um 10:00 schrieb")
    '3. Mai 2026 um 10:00'
    """
    text = _LEADING.sub("", text.strip(_AROUND), count=1)
    last = text.rpartition(" ")[2]
    text = text[: len(text) - len(last)] if _WROTE.fullmatch(last) else text
    return text.strip(" ,;:")


def introductions(lines: list[str]) -> dict[int, int]:
    """Where such lines begin, and the line after each."""
    found: dict[int, int] = {}
    for end in _above_quotes(lines):
        joined = ""
        start = end
        for index in range(end - 1, max(-1, end - 1 - MAX_LINES), -1):
            if not lines[index].strip() or QUOTED.match(lines[index]):
                break
            begun = start < end and _BEGINS_DATED.match(joined) is not None
            if begun or (start < end and not _goes_on(lines[index])):
                break
            joined = f"{lines[index].strip(_AROUND)} {joined}".strip()
            if is_introduction(joined):
                start = index
        if start < end:
            found[start] = end
    return found


def _goes_on(line: str) -> bool:
    """Whether the next line may complete this one: it has a date or time, and ends no sentence."""
    if _BEGINS_DATED.match(line):
        return True
    return _DATED.search(line[:MAX_CHARS]) is not None and not line.endswith((".", "!", "?"))


def apart(lines: list[str]) -> list[str]:
    """The lines, with those above a quote that end in such an introduction split in two."""
    places = {end - 1 for end in _above_quotes(lines)}
    out: list[str] = []
    for index, line in enumerate(lines):
        parts = _divided(line) if index in places else None
        out += [line] if parts is None else list(parts)
    return out


def _divided(line: str) -> tuple[str, str] | None:
    if len(line) > MAX_CHARS or not line.rstrip(_AROUND).endswith(_COLONS):
        return None
    for match in _PLACES.finditer(line):
        rest = line[match.start("rest") :]
        if _DATED.search(rest) and (_ADDRESS.search(rest) or _WROTE.search(rest)):
            return line[: match.start("rest")].rstrip(" -\u2013\u2014"), rest
    return None


def _above_quotes(lines: list[str]) -> list[int]:
    """For each quote with text above it, the line after that text."""
    found: list[int] = []
    quoted_before = False
    text_end = -MAX_GAP - 2
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        quoted = QUOTED.match(line) is not None
        if quoted and not quoted_before and 0 <= index - text_end <= MAX_GAP and text_end > 0:
            found.append(text_end)
        quoted_before = quoted
        text_end = index + 1 if not quoted else text_end
    return found
