"""Downloads of untrusted files: never run or framed by the browser."""

from collections.abc import Iterator
from io import BytesIO
from unicodedata import combining
from urllib.parse import quote

from flask import Response, send_file

from backend.domain.mail.normal_forms import normalized

DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def downloaded(name: str, content_type: str, data: bytes) -> Response:
    """The response for a file. `nosniff` is a header of every response."""
    return _closed(send_file(BytesIO(data), content_type, as_attachment=True, download_name=name))


def streamed(name: str, content_type: str, pieces: Iterator[bytes], *, place: str) -> Response:
    """The same for a streamed file. `place` is "inline" for one that a browser shows without
    running anything, else "attachment".
    """
    response = Response(pieces, mimetype=content_type)
    response.headers.set("Content-Disposition", place, **_named(name))
    return _closed(response)


def _named(name: str) -> dict[str, str]:
    """The name for a header: complete in RFC 5987 encoding, and in ASCII for old clients."""
    letters = (one for one in normalized("NFKD", name) if not combining(one))
    plain = "".join(one if one.isascii() else "_" for one in letters)
    return {"filename": plain, **({} if plain == name else {"filename*": f"UTF-8''{quote(name)}"})}


def _closed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
