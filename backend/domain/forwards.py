"""Who wrote the mail that somebody forwarded, as the text claims.

Separate from `reply_text`, which only cuts it off. The inner sender is unproven text: it may
suggest a contact to a person, and never log mail as sent by somebody.
"""

import re
from dataclasses import dataclass

from backend.domain.address_list import parse_sender
from backend.domain.message import NamedAddress, ParsedMessage
from backend.domain.reply.quotes import Kind, find_markers, read_header_lines
from backend.domain.subjects import is_forward_subject

MAX_LINES = 2000
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
    lines = message.text.splitlines()[:MAX_LINES]
    markers = find_markers(lines)
    for index, marker in enumerate(markers):
        if marker.kind is Kind.FORWARD:
            following = markers[index + 1] if index + 1 < len(markers) else None
            if following is not None and following.kind is Kind.HEADERS:
                return _from_lines(lines[marker.end : following.end])
            return _from_one_line(lines[marker.start])
        if marker.kind is Kind.HEADERS and is_forward_subject(message.subject):
            return _from_lines(lines[marker.start : marker.end])
    return _attached(message)


def _from_one_line(line: str) -> Forward:
    """Yahoo writes the sender behind the ruled line, and the next field without a space."""
    behind = _RULED_START.sub("", line)
    first = behind.partition(">")[0] + ">" if "<" in behind else ""
    return _from_lines([first] if first else [])


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
            head = part.text.partition("\n\n")[0]
            return _from_lines(head.replace("\n ", " ").replace("\n\t", " ").split("\n"))
    return None
