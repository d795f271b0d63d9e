"""Raw bytes, or a tree of parts, to a `ParsedMessage`: fields read, body chosen.

Separate from the grammars in `mime` because both ways of fetching a message end here. Not the
standard library's parser: `policy.default` parses about a hundred messages a second, is quadratic
in recipients and overflows the stack on nested parts; the older policy decodes nothing.
"""

import re
from collections.abc import Iterable

from backend.domain.mail.address_list import MAX_ADDRESSES, parse_address_list, parse_sender
from backend.domain.mail.event_text import event_in_words
from backend.domain.mail.headers import message_id, message_ids, parse_date
from backend.domain.mail.message import MachinePart, NamedAddress, ParsedMessage
from backend.domain.mail.mime.body import read_body
from backend.domain.mail.mime.charsets import decode_bytes
from backend.domain.mail.mime.fields import Fields
from backend.domain.mail.mime.opening import open_containers, words_for_unread
from backend.domain.mail.mime.tree import Part, read_tree, walk
from backend.domain.mail.mime.words import decode_words

SEND_ID_HEADER = "x-rapport-send-id"
MAX_KEPT_VALUES = 1000
MAX_MACHINE_CHARS = 64 * 1024
MAX_MACHINE_PARTS = 20
# Control characters and line ends, and marks that change the direction of the text after the
# subject.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_SINGLETONS = ("from", "subject", "message-id", "date", "in-reply-to", "references", "to", "cc")
MACHINE_TYPES = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "message/rfc822",
        "message/global",
        "message/rfc822-headers",
        "message/global-headers",
        "text/rfc822-headers",
        "text/rfc822",
        "text/calendar",
    }
)


def parse_message(raw: bytes) -> ParsedMessage:
    """Parses one message, never raising. Broken parts are named in `defects`, the rest is read."""
    try:
        root, defects = read_tree(raw)
        return assemble(root, defects)
    except Exception:  # noqa: BLE001 - whatever a stranger sends, the mail is kept and flagged
        text = decode_bytes(raw[:1_000_000], None)
        part = Part([], "text/plain", {}, data=text.encode("utf-8", "replace"))
        return assemble(part, ["unreadable"])


def assemble(root: Part, defects: Iterable[str], *, converted: bool = False) -> ParsedMessage:
    """The message of a tree. `converted`: see `body.read_body`."""
    first = _first_values(root.fields)
    open_containers(root)
    body = read_body(root, converted=converted)
    worded = bool(body.text.strip() or body.html)
    machine_parts = _machine_parts(root, worded=worded)
    text = body.text if worded else _event(machine_parts) or words_for_unread(root)
    return ParsedMessage(
        message_id=message_id(first.get("message-id", "")),
        in_reply_to=message_ids(first.get("in-reply-to", "")),
        references=message_ids(first.get("references", "")),
        subject=_one_line(decode_words(first.get("subject", ""))),
        sender=parse_sender(first.get("from", "")),
        reply_to=_addresses(root.fields, "reply-to"),
        to=_addresses(root.fields, "to"),
        cc=_addresses(root.fields, "cc"),
        bcc=_addresses(root.fields, "bcc"),
        date=parse_date(first.get("date", "")),
        text=text,
        html=body.html,
        attachments=tuple(body.attachments),
        headers=_decoded(root.fields),
        send_id=first.get(SEND_ID_HEADER, "").strip()[:100] or None,
        defects=tuple(dict.fromkeys([*defects, *_header_defects(root.fields), *body.defects])),
        content_type=root.content_type,
        report_type=root.params.get("report-type", "").lower(),
        machine_parts=machine_parts,
    )


def _event(parts: Iterable[MachinePart]) -> str:
    """An invitation in words, for mail that has none."""
    calendars = (part.text for part in parts if part.content_type == "text/calendar")
    return next((told for text in calendars if (told := event_in_words(text))), "")


def _first_values(fields: Fields) -> dict[str, str]:
    """The first value of each field: of a repeated From or Subject the first one counts."""
    first: dict[str, str] = {}
    for name, value in fields:
        first.setdefault(name, value)
    return first


def _addresses(fields: Fields, name: str) -> tuple[NamedAddress, ...]:
    found: list[NamedAddress] = []
    for key, value in fields:
        if key == name and value:
            found += parse_address_list(value)
    return tuple(found[:MAX_ADDRESSES])


def _one_line(text: str) -> str:
    if text.isprintable():
        return text.strip()
    # Only spaces are collapsed: a wide space is a letter to those who write it.
    return " ".join(word for word in _CONTROLS.sub(" ", text).split(" ") if word)


def _decoded(fields: Fields) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for name, value in fields[:MAX_KEPT_VALUES]:
        kept[name] = (*kept.get(name, ()), decode_words(value))
    return kept


def _header_defects(fields: Fields) -> list[str]:
    seen: set[str] = set()
    defects: list[str] = []
    for name, _ in fields:
        if name in seen and name in _SINGLETONS:
            defects.append(f"duplicate_{name.replace('-', '_')}")
        seen.add(name)
    if "from" not in seen:
        defects.append("no_from")
    return defects


def _machine_parts(root: Part, *, worded: bool) -> tuple[MachinePart, ...]:
    kept: list[MachinePart] = []
    for part in walk(root):
        if part.content_type in MACHINE_TYPES and part.data and len(kept) < MAX_MACHINE_PARTS:
            text = decode_bytes(part.data[:MAX_MACHINE_CHARS], part.params.get("charset"))
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            attached = worded and part.disposition == "attachment"
            kept.append(MachinePart(part.content_type, text, attached))
    return tuple(kept)
