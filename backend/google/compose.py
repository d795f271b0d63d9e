"""Turns an `OutgoingMail` into the bytes to send, frozen once, when a pending mail is claimed.

A retry must post the same bytes or none. The header block is written and checked by `header_block`,
the parts by `mime_writer`.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from backend.domain.mail.headers import outgoing_text
from backend.domain.mail.message import NamedAddress
from backend.domain.mail.mime.tree import clean_filename
from backend.domain.writing.unsubscribing import UnsubscribeLink
from backend.errors import InputError
from backend.google.header_block import (
    Fields,
    address_value,
    check_block,
    id_value,
    text_value,
    uri_value,
    write_block,
)
from backend.google.mail_text import Pieces, Quote, readings
from backend.google.mime_writer import Written, file_part, multipart, text_part

__all__ = ["OutgoingFile", "OutgoingMail", "Quote", "UnsubscribeLink", "compose"]

# P-3: the Gmail API takes at most 100 recipients in To, Cc and Bcc together.
MAX_RECIPIENTS = 100
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
_MAX_NAME_CHARS = 150


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file on a mail; with a `content_id` it is shown inside the HTML instead."""

    filename: str
    content_type: str
    data: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A mail to be built. Ids have no brackets; HTML is sanitised here in any case.

    `template_html` is a template of ours (domain/writing/branding) around the mail. `unsubscribe`
    puts a visible link, and header fields where it is HTTPS. `automatic` marks mail that no person
    asked for (RFC 3834); playbook mail from a person's mailbox does not count.
    """

    send_id: str
    sender: NamedAddress
    to: tuple[NamedAddress, ...]
    cc: tuple[NamedAddress, ...] = ()
    bcc: tuple[NamedAddress, ...] = ()
    reply_to: str | None = None
    subject: str
    text: str = ""
    html: str | None = None
    signature_html: str = ""
    template_html: str = ""
    quote: Quote | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[OutgoingFile, ...] = ()
    unsubscribe: UnsubscribeLink | None = None
    date: datetime | None = None
    message_id: str | None = None
    automatic: bool = False


def compose(mail: OutgoingMail) -> bytes:
    """The RFC 5322 bytes with CRLF. Raises `InputError` or `SendRefused` with a sentence."""
    count = len(mail.to) + len(mail.cc) + len(mail.bcc)
    if not 1 <= count <= MAX_RECIPIENTS:
        sentence = (
            "Add at least one recipient."
            if count == 0
            else f"A mail can have {MAX_RECIPIENTS} recipients, this one has {count}. Split it."
        )
        raise InputError(sentence, {"to": sentence})
    fields = _fields(mail)
    body = _mime(mail)
    block = write_block([*fields, ("MIME-Version", "1.0")]) + body.fields
    check_block(block, [*fields, ("MIME-Version", ""), ("Content-Type", "")])
    return block + b"\r\n" + body.body


def _fields(mail: OutgoingMail) -> Fields:
    """The fields in the order people expect to see them; an empty one is not written."""
    reply_to = [NamedAddress("", mail.reply_to, "")] if mail.reply_to else []
    fields: Fields = [
        ("Date", format_datetime(mail.date) if mail.date else ""),
        ("From", address_value([mail.sender])),
        ("Reply-To", address_value(reply_to)),
        ("To", address_value(mail.to)),
        ("Cc", address_value(mail.cc)),
        ("Bcc", address_value(mail.bcc)),
        ("Subject", text_value(mail.subject)),
        ("Message-ID", id_value([mail.message_id] if mail.message_id else [])),
        ("In-Reply-To", id_value([mail.in_reply_to] if mail.in_reply_to else [])),
        ("References", id_value(mail.references)),
        *_unsubscribe_fields(mail),
        ("Auto-Submitted", "auto-generated" if mail.automatic else ""),
        ("X-Rapport-Send-Id", text_value(mail.send_id)),
    ]
    return [(name, value) for name, value in fields if value]


def _unsubscribe_fields(mail: OutgoingMail) -> Fields:
    """The List-Unsubscribe fields; only HTTPS is trusted there (RFC 8058 §3.1)."""
    link = mail.unsubscribe
    if link is None or link.url.startswith("http:"):
        return []
    one_click = "List-Unsubscribe=One-Click" if link.one_click else ""
    return [("List-Unsubscribe", uri_value([link.url])), ("List-Unsubscribe-Post", one_click)]


def _mime(mail: OutgoingMail) -> Written:
    """mixed( alternative( plain, related( html, inline files ) ), files )."""
    both = readings(
        Pieces(
            text=mail.text,
            html=mail.html,
            signature_html=mail.signature_html,
            template_html=mail.template_html,
            unsubscribe=mail.unsubscribe,
            quote=mail.quote,
        )
    )
    # Random: the mail's authors must not know the boundary before it is sent.
    seed = hashlib.sha256(mail.send_id.encode()).hexdigest()[:24]
    inline = [_file(file) for file in mail.attachments if file.content_id]
    attached = [_file(file) for file in mail.attachments if not file.content_id]
    html = text_part("html", both.html)
    html = multipart("related", f"=_r{seed}", [html, *inline]) if inline else html
    whole = multipart("alternative", f"=_a{seed}", [text_part("plain", both.plain), html])
    return multipart("mixed", f"=_m{seed}", [whole, *attached]) if attached else whole


def _file(file: OutgoingFile) -> Written:
    content_id = id_value([file.content_id]) if file.content_id else ""
    return file_part(_content_type(file), file.data, clean_name(file.filename), content_id)


def clean_name(filename: str) -> str:
    """A file name that is one line, no path, and at most 150 characters with its ending."""
    name = clean_filename(outgoing_text(filename), _MAX_NAME_CHARS) or ""
    return name.strip(". ") or "file"


def _content_type(file: OutgoingFile) -> str:
    """A type that is safe in a header. An attached message would be parsed, so it is opaque."""
    given = file.content_type.lower().strip()
    if not _TYPE.fullmatch(given) or given.startswith(("multipart/", "message/")):
        return "application/octet-stream"
    return given
