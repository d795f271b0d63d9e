"""Header fields of a mail we write: encoded, folded, and checked after writing.

This is where a crafted subject would become a Bcc. The standard library decodes encoded words when
a header is set and writes the line breaks inside them as they are; so values are encoded here, and
the finished block is read again and compared with what was meant.
"""

import re
from collections.abc import Iterable, Sequence
from email.header import Header

from backend.domain.mail.address import domain_of
from backend.domain.mail.domains import domain_key
from backend.domain.mail.headers import MAX_ID_CHARS, outgoing_text
from backend.domain.mail.message import NamedAddress
from backend.domain.mail.mime.fields import read_header_block
from backend.errors import InputError, SendRefused

Fields = list[tuple[str, str]]

# RFC 5322 §2.1.1: 78 characters a line are wanted. Long tokens stay whole all the same: an id or a
# link that is cut or encoded no longer works.
_LINE = 76
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*|\"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+\"")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_ID = re.compile(
    r'(?:"(?:[\x20\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e]|\\[\x20-\x7e])*+"|[\x21-\x3b\x3d\x3f-\x7e])++'
)
_URI = re.compile(r"https:[\x21-\x3b\x3d\x3f-\x7e]+")


def text_value(text: str) -> str:
    """Free text as a header value: encoded words only where there are letters beyond ASCII."""
    text = outgoing_text(text)
    if not text.isascii():
        return Header(text, "utf-8", maxlinelen=_LINE, continuation_ws=" ").encode(linesep="\r\n")
    return _folded(text.split(" "), " ")


def address_value(addresses: Iterable[NamedAddress]) -> str:
    """A list of addresses, one a line. An address that no server would take is refused."""
    return ",\r\n ".join(_mailbox(one) for one in addresses)


def id_value(ids: Sequence[str]) -> str:
    """Message-IDs in brackets, never encoded; what cannot be an id is left out."""
    good = [f"<{one}>" for one in ids if len(one) <= MAX_ID_CHARS and _ID.fullmatch(one)]
    return _folded(good, " ")


def uri_value(uris: Iterable[str]) -> str:
    """URIs in brackets, never encoded (RFC 2369)."""
    listed = list(uris)
    for uri in listed:
        if not _URI.fullmatch(uri):
            raise SendRefused("The unsubscribe link of this mail is not a valid link.", code="link")
    return _folded([f"<{uri}>" for uri in listed], ", ")


def write_block(fields: Fields) -> bytes:
    """The fields as bytes, without the empty line. Refuses to write what reads differently."""
    for name, _ in fields:
        if not _NAME.fullmatch(name):
            raise SendRefused("A header of this mail has an impossible name.", code="headers")
    block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii", "replace")
    check_block(block, fields)
    return block


def check_block(block: bytes, fields: Fields) -> None:
    """Compare a written block with what was meant: the same names, each as often as meant."""
    read = read_header_block(block + b"\r\n")
    meant = [name.lower() for name, _ in fields]
    if [name for name, _ in read.fields] != meant or len(set(meant)) != len(meant) or read.defects:
        raise SendRefused(
            "This mail was not sent: its headers would read differently from what was written. "
            "Remove unusual characters from the subject and the names.",
            code="headers",
        )


def _mailbox(one: NamedAddress) -> str:
    address = _wire_address(one.address)
    name = outgoing_text(one.name)
    if not name:
        return f"<{address}>" if address.startswith('"') else address
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    encoded = Header(name, "utf-8", maxlinelen=_LINE, continuation_ws=" ").encode(linesep="\r\n")
    return f"{encoded}\r\n <{address}>"


def _wire_address(text: str) -> str:
    """The address as servers take it: the domain in ASCII (IDNA), the local part as written."""
    local, _, _ = text.strip().rpartition("@")
    domain = domain_key(domain_of(text.strip()))
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or len(text) > 320:
        shown = outgoing_text(text)[:100]
        raise InputError(
            f"{shown} cannot be written to: it is not an address that mail servers accept. "
            "Correct it and try again.",
            {"to": "This is not an address that mail servers accept."},
        )
    return f"{local}@{domain}"


def _folded(words: Sequence[str], separator: str) -> str:
    """Words joined, with a line break where a line would become too long."""
    lines: list[str] = []
    current = ""
    for word in words:
        if current and len(current) + len(separator) + len(word) > _LINE:
            lines.append(current + separator.rstrip())
            current = word
        else:
            current = f"{current}{separator}{word}" if current else word
    return "\r\n ".join([*lines, current])
