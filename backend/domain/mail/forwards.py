"""Finds who wrote a forwarded message, as its text claims.

Separate from `replies`, which only cuts it off. The inner sender is unproven text: it may suggest a
contact to a person, and never log mail as sent by somebody.
"""

import re
from dataclasses import dataclass, replace

from backend.domain.mail.address_list import parse_sender
from backend.domain.mail.message import NamedAddress, ParsedMessage
from backend.domain.mail.replies.glued import apart
from backend.domain.mail.replies.header_blocks import kind_of, read_header_lines
from backend.domain.mail.replies.quotes import Kind, find_markers
from backend.domain.mail.replies.shapes import is_introduction, without_lead
from backend.domain.mail.subjects import is_forward_subject, is_reply_subject, without_mark

MAX_LINES = 2000
MAX_LINE = 600
FEWEST_GLUED = 3
MAX_BELOW = 8
"""Lines below a ruled line that are searched for the sender."""

_PERSON = re.compile(
    r"(?:^|(?<=[<>@]))(?P<before>[^<>@]{0,300}?)(?:[\"\u201c\u201e\u00ab]\s{0,2}(?P<quoted>[^\"<>\u201c-\u201e\u00ab\u00bb]{1,120})"
    r"[\"\u201c\u201d\u00bb]\s{0,3})?"
    r"[<(\[]{0,2}(?P<address>(?<![^\s<(\[])[^\s<>()\[\]@,;:\"]{1,100}@[\w.-]{1,200}\w)"
)
_RULED_START = re.compile(r"^.{0,30}?[-=_*]{2,60}[^-=_*]{1,80}[-=_*]{2,60}\s*")
# "Mia [mailto:mia@a.example]" is Outlook's way; in "<mia@a.example<mailto:...>>" it is a link.
_MAILTO = re.compile(r"\[mailto:([^\]\s]{1,320})\]", re.IGNORECASE)
_LINK = re.compile(r"<mailto:[^<>]{1,320}>", re.IGNORECASE)
_ATTACHED = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forwarding mail says about the mail inside it."""

    sender: NamedAddress | None
    subject: str
    date: str


def read_forward(message: ParsedMessage) -> Forward | None:
    """The first forwarded mail in the text, or attached whole; None when there is none."""
    found = forward_in(message.text, message.subject, answers=bool(message.in_reply_to))
    return found or _attached(message)


def forward_in(text: str, subject: str, *, answers: bool) -> Forward | None:
    """The first forwarded message in a text. `answers`: the message is a reply, so that a quoted
    header is no forward.
    """
    lines = text.splitlines()[:MAX_LINES]
    markers = find_markers(lines)
    forwarded = is_forward_subject(subject)
    answers = answers or is_reply_subject(subject)
    for index, marker in enumerate(markers):
        if marker.kind is Kind.FORWARD:
            following = markers[index + 1] if index + 1 < len(markers) else None
            if following is not None and following.kind is Kind.HEADERS:
                return _from_lines(lines[marker.end : following.end])
            return _from_ruled(lines[marker.start : marker.end + MAX_BELOW])
        if marker.kind is Kind.HEADERS and (forwarded or not answers):
            return _from_lines(lines[marker.start : marker.end])
    if forwarded and (found := _from_introduction(lines)):
        return replace(found, subject=without_mark(subject))
    return None


def _from_ruled(lines: list[str]) -> Forward:
    """What follows a ruled line: its fields, on the same line or below it."""
    behind = _RULED_START.sub("", lines[0])
    found = _from_lines(apart(behind)) if behind else Forward(None, "", "")
    if found.sender is not None:
        return found
    for line in lines[1:]:
        glued = apart(line)
        if len(glued) >= FEWEST_GLUED:
            return _from_lines(glued)
        told = _who(line)
        if told is not None and kind_of(line) != "to":
            return Forward(told[0], "", "")
    return found


def _from_introduction(lines: list[str]) -> Forward | None:
    """A line such as that above a quoted message: "On 3 May 2026, Mia <mia@a.example> wrote:"."""
    for index, line in enumerate(lines):
        for joined in (line, " ".join(one.strip() for one in lines[index : index + 2])):
            told = _who(joined) if is_introduction(joined) else None
            if told is not None:
                return Forward(told[0], "", told[1])
    return None


def _who(line: str) -> tuple[NamedAddress, str] | None:
    """The person on a line, and the text before them, mostly a date."""
    line = _LINK.sub("", line.strip()[:MAX_LINE])
    found = _PERSON.search(line)
    if found is None:
        return None
    before, name = found["before"].strip(" ,;:(<>*\t"), found["quoted"]
    if not name:
        words = before.split()
        start = len(words)
        while start and _is_name(words[start - 1]):
            start -= 1
        before, name = " ".join(words[:start]), " ".join(words[start:])
    sender = parse_sender(f"{quoted(name)} <{found['address']}>" if name else found["address"])
    when = without_lead(before) or without_lead(line[found.end() :].strip(" >)]:\uff1a"))
    return (sender, when) if sender is not None and sender.key else None


def _is_name(word: str) -> bool:
    """Whether a word before an address belongs to the name: no date, no verb, no comma."""
    return word[:1].isalpha() and not word[:1].islower() and not word.endswith((",", ":", "."))


def quoted(name: str) -> str:
    """A name as a header has it."""
    return '"' + name.replace("\\", "").replace('"', "") + '"'


def _from_lines(lines: list[str]) -> Forward:
    values = read_header_lines(lines)
    return Forward(
        sender=parse_sender(_MAILTO.sub(r" <\1>", _LINK.sub("", values.get("from", "")))),
        subject=values.get("subject", ""),
        date=values.get("date", ""),
    )


def _attached(message: ParsedMessage) -> Forward | None:
    for part in message.machine_parts:
        if part.content_type in _ATTACHED and not message.report_type:
            head = part.text.lstrip("\n").partition("\n\n")[0]
            found = _from_lines(head.replace("\n ", " ").replace("\n\t", " ").split("\n"))
            if found.sender is not None:
                return found
    return None
