"""Writes a mail: text and HTML, files, any headers. For the seed and for mail from outside."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

BASE64_LINE = 57  # bytes, which make 76 letters (RFC 2045 §6.8)


@dataclass(frozen=True)
class File:
    """An attachment."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What a mail is made of. Addresses as a person writes them: `Name <a@b>`."""

    sender: str
    to: Sequence[str]
    subject: str
    text: str
    html: str = ""
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    files: Sequence[File] = ()
    date: datetime | None = None
    message_id: str = ""
    cites: Sequence[str] = ()
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


def composed(letter: Letter) -> bytes:
    """The whole mail with CRLF line ends. `cites` are Message-IDs, the answered one last."""
    head = [
        ("From", _address(letter.sender)),
        ("To", ", ".join(_address(one) for one in letter.to)),
        ("Cc", ", ".join(_address(one) for one in letter.cc)),
        ("Bcc", ", ".join(_address(one) for one in letter.bcc)),
        ("Subject", _encoded(letter.subject)),
        ("Date", format_datetime(letter.date) if letter.date else ""),
        ("Message-ID", f"<{letter.message_id}>" if letter.message_id else ""),
        ("In-Reply-To", f"<{letter.cites[-1]}>" if letter.cites else ""),
        ("References", "\r\n ".join(f"<{one}>" for one in letter.cites)),
        *((name, _encoded(value)) for name, value in letter.headers),
        ("MIME-Version", "1.0"),
    ]
    written = "".join(f"{name}: {value}\r\n" for name, value in head if value)
    return written.encode() + _body(letter)


def _body(letter: Letter) -> bytes:
    text = _text_part(letter.text, "plain")
    inner = text
    if letter.html:
        inner = _multipart("alternative", [text, _text_part(letter.html, "html")])
    if letter.files:
        return _multipart("mixed", [inner, *(_file_part(one) for one in letter.files)])
    return inner


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    boundary = f"=_{kind}_{binascii.crc32(b''.join(parts)):08x}"
    line = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(line + one + b"\r\n" for one in parts) + f"--{boundary}--\r\n".encode()


def _text_part(text: str, kind: str) -> bytes:
    content = text.replace("\r\n", "\n").encode("utf-8", "replace")
    encoded = binascii.b2a_qp(content).replace(b"\n", b"\r\n")
    head = (
        f'Content-Type: text/{kind}; charset="UTF-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + encoded


def _file_part(file: File) -> bytes:
    name = _encoded(file.name)
    head = (
        f'Content-Type: {file.mime_type}; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    lines = [
        base64.b64encode(file.content[at : at + BASE64_LINE])
        for at in range(0, len(file.content), BASE64_LINE)
    ]
    return head.encode() + b"\r\n".join(lines)


def _address(written: str) -> str:
    """One address with its name encoded; a list of several stays as it is."""
    name, address = parseaddr(written)
    if not name or "," in written.replace(name, ""):
        return written
    return formataddr((name, address))


def _encoded(value: str) -> str:
    single = value.replace("\r", "").replace("\n", " ")
    return single if single.isascii() else Header(single, "utf-8").encode()
