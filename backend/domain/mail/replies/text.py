"""Extracts what somebody wrote, without the message they reply to and without their signature.

It decides what is shown first and searched; the whole message is one click away. It errs on the
side of showing: a reply between quoted lines shows everything, and so does a message in which
nothing would remain. HTML structure first, then the phrases of mail programs in plain text.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.mime.html_text import html_to_text
from backend.domain.mail.replies.header_blocks import kind_of
from backend.domain.mail.replies.html_quotes import CUT, text_without_quotes
from backend.domain.mail.replies.quotes import (
    Kind,
    Marker,
    find_markers,
    leads_to_headers,
    split_midline,
)
from backend.domain.mail.replies.shapes import QUOTED, apart
from backend.domain.mail.replies.signatures import strip_signature, trim

MAX_CHARS = 500_000
MAX_LINES = 8_000
_PLAIN_QUOTED = lazy_pattern(r"^\s{0,4}>", re.MULTILINE)
_BLANKS = lazy_pattern(r"\n\n\n+")
_WRAP_WIDTH = 50


def reply_text(text: str, html: str | None = None, *, answers: bool = False) -> str:
    r"""The reply in a message, trimmed; the whole text when there is nothing to remove. `answers`:
    its headers say that it is a reply, so that an indented end is the quoted message.

    >>> reply_text("Yes.\n\nOn 3 May 2024, Kim wrote:\n> Coming?\n")
    'Yes.'
    """
    if html and not _PLAIN_QUOTED.search(text[:MAX_CHARS]):
        structured = text_without_quotes(html, answers=answers)
        if structured is not None and structured.replace(CUT, "").strip():
            return _without_cuts(_from_text(structured))
    return _from_text(text if text.strip() or not html else html_to_text(html))


def _from_text(text: str) -> str:
    text = text[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    lines = [line.rstrip() if line != "-- " else line for line in text.split("\n")[:MAX_LINES]]
    kept = strip_signature(_without_quotes(_split_midlines(lines)))
    shorter = _without_trailing_quote(kept)
    if len(shorter) < len(kept):
        kept = strip_signature(shorter)
    if not any(line.strip() for line in kept):
        kept = trim(lines) or lines
    return "\n".join(kept).strip("\n").rstrip()


def own_text(message: ParsedMessage) -> str:
    """What the author of a message wrote: the one way in which mail is read, live and inspected."""
    answers = bool(message.in_reply_to or message.references)
    return reply_text(message.text, message.html, answers=answers)


def _without_cuts(text: str) -> str:
    """Removes the lines that replaced quotes cut from HTML, and what is left of their header."""
    lines = trim([line for line in text.split("\n") if CUT not in line])
    if len(lines) > 1 and "@" in lines[-1] and kind_of(lines[-1]) == "from":
        lines.pop()
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()


def _split_midlines(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        parts = split_midline(line)
        out += [line] if parts is None else list(parts)
    return apart(out)


def _without_quotes(lines: list[str]) -> list[str]:
    begin = 0
    for marker in find_markers(lines):
        if QUOTED.match(lines[marker.start]):
            continue
        head = trim(lines[begin : marker.start])
        if head:
            return _answer_above(head, marker, lines)
        if marker.kind in (Kind.FORWARD, Kind.ORIGINAL):
            break
        if _begins_quoted(lines, marker.end):
            return _answer_below(lines[marker.end :])
        begin = marker.end
    return _without_trailing_quote(lines[begin:])


def _answer_above(head: list[str], marker: Marker, lines: list[str]) -> list[str]:
    """Text above the quote is the reply, together with text below the quote."""
    if marker.kind is Kind.HEADERS and len(head) > 1 and leads_to_headers(head[-1]):
        return trim(head[:-1])
    if marker.kind is not Kind.ATTRIBUTION or not _begins_quoted(lines, marker.end):
        return head
    tail = lines[marker.end :]
    if _interleaved(tail):
        return [*head, "", *_without_markers(tail)]
    after = trim(_after_last_quote(tail))
    return [*head, "", *after] if after else head


def _answer_below(tail: list[str]) -> list[str]:
    """Without text above the quote, the reply is below it, or between its lines."""
    return _without_markers(tail) if _interleaved(tail) else _after_last_quote(tail)


def _without_trailing_quote(lines: list[str]) -> list[str]:
    """Without a marker: quoted lines at the very end are removed, those between text stay."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or QUOTED.match(lines[end - 1])):
        end -= 1
    if any(QUOTED.match(line) for line in lines[:end]):
        return lines
    return lines[:end] if end else lines


def _begins_quoted(lines: list[str], start: int) -> bool:
    for index in range(start, len(lines)):
        if lines[index].strip():
            return bool(QUOTED.match(lines[index]))
    return False


def _gaps(tail: list[str]) -> list[tuple[int, int]]:
    """Runs of unquoted text after the first quoted line, as line ranges, except wrapped lines."""
    found: list[tuple[int, int]] = []
    start = -1
    for index, line in enumerate([*tail, ">"]):
        if QUOTED.match(line):
            if start >= 0 and any(one.strip() for one in tail[start:index]):
                found.append((start, index))
            start = -1
        elif start < 0 and not _is_wrapped(tail, index):
            start = index
    return found


def _is_wrapped(tail: list[str], index: int) -> bool:
    """Whether a program wrapped this line out of a long quoted one: no blank line before it."""
    before = tail[index - 1] if index else ""
    line = tail[index].strip()
    if not line or not QUOTED.match(before):
        return False
    open_link = before.rfind("(http") > before.rfind(")") or line.startswith("(http")
    return len(before) >= _WRAP_WIDTH or (open_link and line.count(" ") <= 1)


def _interleaved(tail: list[str]) -> bool:
    """Whether there is text between quoted lines, so that the quote is part of the reply."""
    return any(end < len(tail) for _, end in _gaps(tail))


def _after_last_quote(tail: list[str]) -> list[str]:
    gaps = _gaps(tail)
    return tail[gaps[-1][0] :] if gaps and gaps[-1][1] == len(tail) else []


def _without_markers(lines: list[str]) -> list[str]:
    """Everything except the lines that only say who wrote when."""
    dropped: set[int] = set()
    for marker in find_markers(lines):
        if marker.kind is Kind.ATTRIBUTION and not QUOTED.match(lines[marker.start]):
            dropped.update(range(marker.start, marker.end))
    return [line for index, line in enumerate(lines) if index not in dropped]
