"""Cuts the connection in place of an answer, as a network does: closed politely, or reset."""

import socket
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from backend.simulator.drops import DROP_KEY, Drop

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_KEY = "werkzeug.socket"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends RST


class ConnectionCutError(ConnectionAbortedError):
    """Raised through the server so that it writes nothing; the socket is closed already."""


class Droppable:
    """Holds the head of an answer back until it is known whether there will be one."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        body = self._app(environ, start_response)
        drop: Drop = environ.get(DROP_KEY, Drop.NO)
        if drop is Drop.NO:
            return body
        if drop is Drop.MIDWAY:
            return _half(body, environ.get(SOCKET_KEY))
        _cut(environ.get(SOCKET_KEY), drop)
        raise ConnectionCutError(f"The connection was cut on demand ({drop.value}).")


def _half(body: Iterable[bytes], connection: socket.socket | None) -> Iterator[bytes]:
    """The head promises all of the body, and half of it comes."""
    whole = b"".join(body)
    yield whole[: len(whole) // 2]
    _cut(connection, Drop.MIDWAY)
    raise ConnectionCutError("The connection was cut on demand within the answer.")


def _cut(connection: socket.socket | None, drop: Drop) -> None:
    if connection is None:
        return
    if drop is Drop.RESET:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    else:
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
