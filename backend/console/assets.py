"""The front end's files: served by WhiteNoise, addressed by their content, cached for a year.

A file's address holds a hash of its content, so that a new version has a new address and browsers
never revalidate. Files that a stylesheet names (the fonts) carry a version in their name instead.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from wsgiref.headers import Headers

STATIC = Path(__file__).resolve().parent / "static"
PREFIX = "/static/"
VERSION_CHARS = 8
YEAR = 31_536_000
"""Seconds."""


@cache
def asset(name: str) -> str:
    """The address of a file under `static/`."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"{PREFIX}{name}?v={digest[:VERSION_CHARS]}"


def serve_assets(app: Flask) -> None:
    """Serve `/static/` in front of the application: no session, no database."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=PREFIX,
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=keep_type,
    )


def keep_type(headers: "Headers", _path: str, _url: str) -> None:
    """Forbid MIME sniffing."""
    headers["X-Content-Type-Options"] = "nosniff"
