"""What this code makes of a mail file: one JSON object for each, for `rapport inspect-mail`.

The command, the tests and a person with a doubtful mail see exactly what the rules see. Never
raises, whatever the bytes; a file that cannot be read gives an object that says so. Shape:

    kind         human | bounce | auto_reply | list | complaint | calendar
    subject      decoded, one line; "" when there is none
    from         {"name", "address"} or null
    to, cc       lists of {"name", "address"}
    date         ISO 8601 in UTC ("2025-07-01T08:00:00+00:00") or null
    message_id   without brackets, or null
    in_reply_to  list of ids without brackets
    references   list of ids without brackets
    text         the plain body; made from the HTML when there is no plain part
    html         the HTML body as received, or null
    reply_text   what the writer wrote: `text` without quoted mail and signature
    attachments  list of {"filename", "content_type", "size", "content_id", "inline"}; size in
                 decoded bytes, content_id without brackets
    bounce       null, or {"type": hard | soft | policy | delayed, "recipients": [{"address",
                 "original", "action", "status", "diagnostic", "class"}], "original_message_id",
                 "original_recipients", "send_id"}; "original" is the address that was written to,
                 where the report tells it apart, or ""; "original_recipients" are those of the
                 returned mail; recipients is empty when the report names none that can be
                 identified: some servers only say in prose that a mail did not arrive, and "type"
                 rests on that; a delay is reported here, too, but its kind is auto_reply: nothing
                 was lost yet
    forward      null, as of bounces and automatic replies, or {"address", "name", "subject",
                 "date"} of the mail inside, as its text claims; "" for what it does not tell; the
                 date as it is written there
    unsubscribe  null, or {"urls": list of web addresses, "mailto": URI or null, "one_click": by
                 RFC 8058}
    defects      short codes of what was wrong with the mail
"""

from pathlib import Path

from backend.cpu import within
from backend.domain.mail.bounces.detection import BounceReport, read_bounce
from backend.domain.mail.forwards import Forward, read_forward
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.message import AttachmentInfo, NamedAddress, ParsedMessage
from backend.domain.mail.mime.tree import MAX_MESSAGE_BYTES
from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import own_text
from backend.domain.writing.leaving_lists import Leaving, read_leaving
from backend.errors import TooCostly

_OF_PEOPLE = frozenset({MailKind.HUMAN, MailKind.LIST, MailKind.CALENDAR})
PATIENCE = 1.0
"""Seconds of computing for one file; sync sets aside what costs half as much to read."""


def inspect_file(path: Path) -> dict[str, object]:
    """Inspect one file. A file that cannot be opened gives an empty mail with a defect."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_MESSAGE_BYTES + 1)
    except OSError:
        return _described(parse_message(b""), ("file_not_readable",))
    return inspect_bytes(raw)


def inspect_bytes(raw: bytes) -> dict[str, object]:
    """Inspect one message."""
    try:
        return within(PATIENCE, lambda: _described(parse_message(raw), ()))
    except TooCostly:
        return _described(parse_message(b""), ("too_costly",))
    except Exception:  # noqa: BLE001 - a tool for mail that breaks things must not break
        return _described(parse_message(b""), ("inspection_failed",))


def _described(message: ParsedMessage, defects: tuple[str, ...]) -> dict[str, object]:
    kind = classify(message)
    return {
        "kind": kind,
        "subject": message.subject,
        "from": _address(message.sender) if message.sender else None,
        "to": [_address(one) for one in message.to],
        "cc": [_address(one) for one in message.cc],
        "date": message.date.isoformat() if message.date else None,
        "message_id": message.message_id,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "text": message.text,
        "html": message.html,
        "reply_text": own_text(message),
        "attachments": [_attachment(one) for one in message.attachments],
        "forward": _forward(read_forward(message)) if kind in _OF_PEOPLE else None,
        "unsubscribe": _unsubscribe(read_leaving(message)),
        "bounce": None if kind is MailKind.COMPLAINT else _bounce(read_bounce(message)),
        "defects": [*message.defects, *defects],
    }


def _address(one: NamedAddress) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _attachment(one: AttachmentInfo) -> dict[str, object]:
    return {
        "filename": one.filename,
        "content_type": one.content_type,
        "size": one.size,
        "content_id": one.content_id,
        "inline": one.inline,
    }


def _bounce(report: BounceReport | None) -> dict[str, object] | None:
    if report is None:
        return None
    return {
        "type": report.judged,
        "recipients": [
            {
                "address": one.address,
                "original": one.original,
                "action": one.action,
                "status": one.status,
                "diagnostic": one.diagnostic,
                "class": one.judged,
            }
            for one in report.recipients
        ],
        "original_message_id": report.original_message_id,
        "original_recipients": list(report.original_recipients),
        "send_id": report.send_id,
    }


def _forward(found: Forward | None) -> dict[str, str] | None:
    if found is None:
        return None
    sender = found.sender
    return {
        "address": sender.address if sender else "",
        "name": sender.name if sender else "",
        "subject": found.subject,
        "date": found.date,
    }


def _unsubscribe(found: Leaving | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "urls": list(found.urls),
        "mailto": found.mailto or None,
        "one_click": found.one_click,
    }
