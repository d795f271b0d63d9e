"""Accepts only requests whose Host header names this machine.

A page on the web can have its own name point at 127.0.0.1 and then read what a server there answers
(DNS rebinding). Its requests still carry that name. Checked in front of the application, since
Google answers nothing of the kind.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from backend.simulator.config import is_loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REFUSAL = "The simulator answers only at 127.0.0.1, localhost and [::1].\n"


class ThisMachineOnly:
    """Refuses what was meant for another name. A request without any comes from no browser."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, or hand on."""
        header = environ.get("HTTP_HOST")
        if header is None or is_loopback(host_named(header)):
            return self._inner(environ, start_response)
        return Response(REFUSAL, status=421, mimetype="text/plain")(environ, start_response)


def host_named(header: str) -> str:
    """The name without its port; empty where nobody can read it."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
