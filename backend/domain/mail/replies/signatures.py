"""Cuts signatures at the end of a text: after a delimiter, of a mobile program, of a mailing list.

The same cut is made on plain text and on text from HTML. Closing words and the writer's name stay:
somebody wrote them. Disclaimers stay as well.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies import words

# A longer block after two dashes is content; RFC 3676 asks for four lines.
MAX_SIGNATURE_LINES = 20
MAX_FOOTER_LINES = 10
_DASHES = lazy_pattern(r"^\s*--[ \t]*$")
_RULE = lazy_pattern(r"^\s*_{2,}\s*$")
_ONLY_MARKS = lazy_pattern(r"^[\s\u1427\u200b\ufeff*#~=_+\u2014\u2013-]*$")
_SENT_FROM = lazy_pattern(
    rf"^[\s*_<(\[«“\"-]{{0,20}}+(?:{words.SENT_FROM})(?:[^\n,]{{0,80}}?(?:{words.DEVICE})[^\n]{{0,160}}"
    r"|(?: my| a| an)? mobile.{0,60}| my (?:[\w.+-]+ ?){1,6})\W*$",
    re.IGNORECASE,
)
_SENT_WHOLE = lazy_pattern(rf"^[\s*_<(\[«“\"-]{{0,20}}+(?:{words.SENT_WHOLE})\W*$", re.IGNORECASE)
_GET_OUTLOOK = lazy_pattern(
    r"^\s*(?:get|obtenir|holen sie sich|laden sie|télécharge\w*|obtener"
    r"|obter(?: o)?|scarica|baixe|download)"
    r" \[?outlook (?:for|pour|für|para|per|voor)\b.{0,200}$",
    re.IGNORECASE,
)
_FIRST = frozenset("-\u2014_")
_DASH_NOTICE = lazy_pattern(r"^\s*—[-—]?\s*$")
_NOTICE = lazy_pattern(
    r"^\s*(?:you are receiving this|reply to this email directly|to unsubscribe from this)",
    re.IGNORECASE,
)


def strip_signature(lines: list[str]) -> list[str]:
    """The lines without the signature after a delimiter and without trailing program lines."""
    lines = _cut_at_delimiter(lines)
    lines = _cut_at_program_line(lines)
    return trim(lines)


def trim(lines: list[str]) -> list[str]:
    """The lines without blank ones at both ends and without trailing lines of punctuation."""
    start, end = 0, len(lines)
    while end > start and _ONLY_MARKS.match(lines[end - 1]):
        end -= 1
    while start < end and not lines[start].strip():
        start += 1
    return lines[start:end]


def _cut_at_delimiter(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if index and line[:12].lstrip()[:1] in _FIRST and _ends_text(lines, index):
            return lines[:index]
    return lines


def _ends_text(lines: list[str], index: int) -> bool:
    """Whether a line is a delimiter followed by a signature, a footer or a notice."""
    line = lines[index]
    if line == "-- ":
        return True
    if _DASH_NOTICE.match(line):
        return any(_NOTICE.match(below) for below in lines[index + 1 : index + 3])
    if _DASHES.match(line):
        return _few_filled(lines, index + 1, MAX_SIGNATURE_LINES)
    return bool(_RULE.match(line)) and _few_filled(lines, index + 1, MAX_FOOTER_LINES)


def _few_filled(lines: list[str], start: int, limit: int) -> bool:
    """Whether at most `limit` lines from `start` on hold text; reads no further than needed."""
    filled = 0
    for index in range(start, len(lines)):
        filled += bool(lines[index].strip())
        if filled > limit:
            return False
    return True


def _cut_at_program_line(lines: list[str]) -> list[str]:
    """Cuts at the first line of a mobile program that is a paragraph of its own: the rest is no
    reply.
    """
    last = len(lines) - 4
    for index in range(1, len(lines)):
        alone = index >= last or not lines[index - 1].strip()
        if alone and is_program_line(lines[index]):
            return lines[:index]
    return lines


def is_program_line(line: str) -> bool:
    """Whether a line is what a mail program adds about itself."""
    if len(line) > 250:
        return False
    line = words.read_as(line)
    return any(rule.match(line) for rule in (_SENT_FROM, _SENT_WHOLE, _GET_OUTLOOK))
