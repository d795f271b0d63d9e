"""Parts of a MIME message as bytes: leaves in a transfer encoding, and multiparts around them.

Separate from `compose`, which decides what the parts are. Written by hand because the standard
library encodes quoted-printable in Python, which is nearly all of the cost of sending a mail.
Boundaries are given, so that the same mail always has the same bytes.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote


class Written(NamedTuple):
    """The MIME fields of a part, and its body. Fields are complete lines with CRLF."""

    fields: bytes
    body: bytes

    def joined(self) -> bytes:
        """Fields, the empty line, and the body."""
        return self.fields + b"\r\n" + self.body


def text_part(subtype: str, text: str) -> Written:
    """Text as UTF-8 in quoted-printable, so that no server has a reason to re-encode it."""
    data = text.replace("\n", "\r\n").encode("utf-8", "replace")
    fields = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n"
    )
    return Written(fields.encode(), binascii.b2a_qp(data, istext=True))


def file_part(content_type: str, data: bytes, filename: str, content_id: str = "") -> Written:
    """A file in base64. `content_id`, in brackets, makes it a part of the HTML."""
    disposition = "inline" if content_id else "attachment"
    fields = [
        f"Content-Type: {content_type}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {disposition};{_filename(filename)}",
    ]
    if content_id:
        fields.append(f"Content-ID: {content_id}")
    return Written("".join(f"{line}\r\n" for line in fields).encode("ascii"), _base64(data))


def multipart(kind: str, boundary: str, parts: Sequence[Written]) -> Written:
    """Parts between boundary lines."""
    fields = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'
    line = f"--{boundary}\r\n".encode()
    body = b"".join(line + part.joined() + b"\r\n" for part in parts)
    return Written(fields.encode(), body + f"--{boundary}--\r\n".encode())


def _filename(name: str) -> str:
    """Quoted when it is plain ASCII, RFC 2231 otherwise; never both, as readers then disagree."""
    if name.isascii() and '"' not in name and "\\" not in name:
        return f'\r\n filename="{name}"'
    return f"\r\n filename*=utf-8''{quote(name, safe='')}"


def _base64(data: bytes) -> bytes:
    lines = base64.encodebytes(data) if data else b""
    return lines.replace(b"\n", b"\r\n")
