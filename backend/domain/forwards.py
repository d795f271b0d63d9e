"""Who wrote the mail that somebody forwarded, as the text claims.

Separate from `reply_text`, which only cuts it off. The inner sender is unproven text: it may
suggest a contact to a person, and never log mail as sent by somebody.
"""

from dataclasses import dataclass

from backend.domain.address_list import parse_sender
from backend.domain.message import NamedAddress, ParsedMessage
from backend.domain.reply.quotes import Kind, find_markers, read_header_lines

MAX_LINES = 2000
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
                return _from_lines(lines[following.start : following.end])
            return Forward(None, "", "")
    return _attached(message)


def _from_lines(lines: list[str]) -> Forward:
    values = read_header_lines(lines)
    return Forward(
        sender=parse_sender(values.get("from", "")),
        subject=values.get("subject", ""),
        date=values.get("date", ""),
    )


def _attached(message: ParsedMessage) -> Forward | None:
    for part in message.machine_parts:
        if part.content_type in _ATTACHED and not message.report_type:
            head = part.text.partition("\n\n")[0]
            return _from_lines(head.replace("\n ", " ").replace("\n\t", " ").split("\n"))
    return None
