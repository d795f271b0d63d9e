"""A mail as a tree of parts, split with byte searches. Never raises, whatever the bytes.

The standard parser reads line by line: at ten thousand real mails that is the difference between
seconds and minutes. It also keeps this side independent of the parser the product uses.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import collapse_rfc2231_value

from backend.simulator.mail.raw_headers import Field, decoded, parse_fields, split

MAX_DEPTH = 30
PARAMETER = re.compile(r';\s*([\w\-*!#$%&+^`|~.]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True)
class Part:
    """One node. `body` is the undecoded content of a leaf."""

    fields: tuple[Field, ...]
    mime_type: str
    parameters: dict[str, str]
    body: bytes
    children: list["Part"] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((one.value for one in self.fields if one.key == name), "")

    @property
    def filename(self) -> str:
        """The file name it announces, RFC 2231 and 2047 decoded; empty when there is none."""
        disposition = self.header("content-disposition")
        if (
            "name" not in self.parameters
            and "filename" not in disposition
            and "*" not in "".join(self.parameters)
        ):
            return ""
        name = _parameters(disposition).get("filename") or self.parameters.get("name")
        return decoded(name.encode("utf-8", "replace")) if name else self._extended_filename()

    def _extended_filename(self) -> str:
        message = Message()
        message["Content-Disposition"] = self.header("content-disposition") or "attachment"
        message["Content-Type"] = self.header("content-type") or self.mime_type
        return collapse_rfc2231_value(message.get_filename() or "")

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "utf-8")

    def content(self) -> bytes:
        """The body after its transfer encoding."""
        encoding = self.header("content-transfer-encoding").lower()
        if encoding == "base64":
            return _from_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body

    def text(self) -> str:
        """The body as text in its charset, with replacement characters where it does not fit."""
        content = self.content()
        try:
            return content.decode(self.charset, "replace")
        except (LookupError, ValueError):
            return content.decode("utf-8", "replace")

    def leaves(self) -> list["Part"]:
        """All parts without children, the inner ones of forwarded mails left out."""
        if not self.children or self.mime_type == "message/rfc822":
            return [self]
        return [leaf for child in self.children for leaf in child.leaves()]


def parse_tree(raw: bytes, *, depth: int = 0, default_type: str = "text/plain") -> Part:
    """The tree of a whole mail, or of one part of it."""
    block, body = split(raw)
    fields = parse_fields(block)
    written = next((one.value for one in fields if one.key == "content-type"), "")
    mime_type = written.partition(";")[0].strip().lower()
    if "/" not in mime_type:
        mime_type = default_type
    parameters = _parameters(written)
    children = _children(mime_type, parameters, body, depth=depth)
    return Part(fields, mime_type, parameters, body, children)


def _children(mime_type: str, parameters: dict[str, str], body: bytes, *, depth: int) -> list[Part]:
    if depth >= MAX_DEPTH:
        return []
    if mime_type == "message/rfc822":
        return [parse_tree(body, depth=depth + 1)]
    boundary = parameters.get("boundary", "")
    if not mime_type.startswith("multipart/") or not boundary:
        return []
    inner = "message/rfc822" if mime_type == "multipart/digest" else "text/plain"
    return [
        parse_tree(piece, depth=depth + 1, default_type=inner)
        for piece in _pieces(body, boundary.encode("utf-8", "replace"))
    ]


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    """The text between the boundary lines (RFC 2046 §5.1.1). A missing last one is forgiven."""
    mark = b"--" + boundary
    pieces = []
    start: int | None = None
    place = _boundary_line(body, mark, 0)
    while place != -1:
        if start is not None:
            pieces.append(_piece(body, start, place))
        after = place + len(mark)
        start = None if body[after : after + 2] == b"--" else after
        if start is None:
            break
        place = _boundary_line(body, mark, after)
    if start is not None:
        pieces.append(_piece(body, start, len(body)))
    return pieces


def _boundary_line(body: bytes, mark: bytes, at: int) -> int:
    """Where a line with nothing but this mark begins, or -1."""
    place = body.find(mark, at)
    while place != -1:
        rest = body[place + len(mark) : place + len(mark) + 80].removeprefix(b"--")
        opens_line = place == 0 or body[place - 1 : place] == b"\n"
        if opens_line and not rest.partition(b"\n")[0].strip():
            return place
        place = body.find(mark, place + 1)
    return -1


def _piece(body: bytes, start: int, end: int) -> bytes:
    """Without the rest of the boundary line before it, and without the line end after it."""
    first = body.find(b"\n", start, end)
    piece = body[first + 1 if first != -1 else end : end]
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith(b"\n") else piece


def _parameters(value: str) -> dict[str, str]:
    if ";" not in value:
        return {}
    return {
        name.lower(): quoted.replace("\\", "") if quoted else plain
        for name, quoted, plain in PARAMETER.findall(value)
    }


def _from_base64(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        letters = NOT_BASE64.sub(b"", body)
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
