"""Files that others chose, handed out to be kept: never shown, run or framed by the browser."""

from io import BytesIO

from flask import Response, send_file

DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def downloaded(name: str, content_type: str, data: bytes) -> Response:
    """The answer for a file. That nothing is sniffed is a header of every answer."""
    response = send_file(BytesIO(data), content_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
