"""Total deadlines for Google's answers, however slowly they arrive.

A socket timeout applies between two bytes: one byte a second would block a worker or a web thread
for ever, in the header as in the body. Here each answer has one deadline, for Google's client,
requests and urllib3 alike, since all three read through http.client.
"""

import io
import socket
from functools import lru_cache
from http.client import HTTPResponse
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

SENDS_WITHIN = 120.0
"""Seconds for handing over a request: 25 MB on a slow line. urllib3 would allow no more than for
connecting.
"""

LATE = "The answer took too long."


class TimedStream(io.RawIOBase):
    """A socket's input until `ends`. Raises TimeoutError afterwards."""

    def __init__(self, stream: io.BufferedReader, sock: socket.socket, ends: float) -> None:
        self._stream, self._sock, self._ends = stream, sock, ends

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read available bytes before the deadline."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError(LATE)
        usual = self._sock.gettimeout()
        if usual is not None and usual <= left:
            return self._stream.raw.readinto(buffer)
        self._sock.settimeout(left)
        try:
            return self._stream.raw.readinto(buffer)
        finally:
            self._sock.settimeout(usual)

    def close(self) -> None:
        """Close the socket as usual."""
        if not self.closed:
            self._stream.close()
        super().close()


class Timed:
    """A socket from which an answer is read."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends

    def makefile(self, _mode: str) -> io.BufferedReader:
        """The one method that http.client calls."""
        stream = self._sock.makefile("rb")
        return io.BufferedReader(TimedStream(stream, self._sock, self._ends))


@lru_cache(maxsize=16)
def answer_within(seconds: float) -> type[HTTPResponse]:
    """A response class whose deadline is this many seconds after the request was sent."""

    class TimedAnswer(HTTPResponse):
        def __init__(self, sock: socket.socket, *about: Any, **more: Any) -> None:
            timed: Any = Timed(sock, monotonic() + seconds)
            super().__init__(timed, *about, **more)

    return TimedAnswer


@lru_cache(maxsize=16)
def pool_classes(within: float) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools for both schemes, with a total deadline in seconds."""

    class Plain(HTTPConnection):
        response_class = answer_within(within)

        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(SENDS_WITHIN)

    class Secure(HTTPSConnection):
        response_class = answer_within(within)

        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(SENDS_WITHIN)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def timed_pool(within: float, **how: Any) -> PoolManager:
    """A urllib3 pool manager with a total deadline in seconds."""
    manager = PoolManager(**how)
    manager.pool_classes_by_scheme = pool_classes(within)
    return manager


class TimedAdapter(HTTPAdapter):
    """requests' adapter for a server, or for the proxy before it."""

    def __init__(self, within: float) -> None:
        self._within = within
        super().__init__()

    def init_poolmanager(self, *about: Any, **more: Any) -> None:
        """As usual, with other connections."""
        super().init_poolmanager(*about, **more)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._within)

    def proxy_manager_for(self, *about: Any, **more: Any) -> Any:
        """As usual, with other connections."""
        manager = super().proxy_manager_for(*about, **more)
        manager.pool_classes_by_scheme = pool_classes(self._within)
        return manager


def timed(session: requests.Session, within: float) -> None:
    """Give each answer of the session a total deadline in seconds."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, TimedAdapter(within))


def timed_session(within: float) -> requests.Session:
    """A session with a total deadline per answer, in seconds."""
    session = requests.Session()
    timed(session, within)
    return session
