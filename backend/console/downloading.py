"""Files that others chose, handed out to be kept: never run or framed by the browser."""

from collections.abc import Iterator
from io import BytesIO
from unicodedata import combining, normalize
from urllib.parse import quote

from flask import Response, send_file

DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def downloaded(name: str, content_type: str, data: bytes) -> Response:
    """The answer for a file. That nothing is sniffed is a header of every answer."""
    return _closed(send_file(BytesIO(data), content_type, as_attachment=True, download_name=name))


def streamed(name: str, content_type: str, pieces: Iterator[bytes], *, place: str) -> Response:
    """The same for a file that comes in piece by piece. `place` is "inline" for one that a browser
    shows without running anything, else "attachment".
    """
    response = Response(pieces, mimetype=content_type)
    response.headers.set("Content-Disposition", place, **_named(name))
    return _closed(response)


def _named(name: str) -> dict[str, str]:
    """The name as a header can hold it: whole as RFC 5987 has it, and in plain letters for who
    cannot read that.
    """
    letters = (one for one in normalize("NFKD", name) if not combining(one))
    plain = "".join(one if one.isascii() else "_" for one in letters)
    return {"filename": plain, **({} if plain == name else {"filename*": f"UTF-8''{quote(name)}"})}


def _closed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
