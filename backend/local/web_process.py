"""One process of the web server: waitress, with the deadlines it lacks.

Waitress reads and writes all connections in one loop and hands a request to a thread only when its
header and body are complete, so that a slow client costs a socket and never a thread. It lacks a
total deadline (one byte now and then keeps a connection open for ever), a bound on the lines
between the chunks of a body, a heartbeat, and a graceful shutdown: these are here. Not all the
parts of waitress used here are documented; `tests/flows/test_slow_clients.py` fails when one of
them changes.
"""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest

from backend.local.crowding import tell_seldom

LOOK_EVERY = 0.25
"""Seconds."""
MIB = 1024 * 1024
LARGEST_HEADER = 32 * 1024
LARGEST_BODY = 64 * MIB
"""Bytes as they come over the wire. The application refuses less, and says so on a page."""
LARGEST_CHUNK_LINE = 4096
"""Bytes of a line that announces a chunk, and of what may follow the last one."""
LARGEST_ANSWER_HELD = 64 * MIB
"""Bytes. Above it a thread would wait for its client; answers over 1 MiB are held on disk."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How to serve. Times in seconds; `trusted_proxy` is one address, or `*` for every peer."""

    processes: int = 2
    threads: int = 8
    connections: int = 2000
    idle_for: int = 20
    arrives_within: float = 60.0
    taken_within: float = 600.0
    silent_for: float = 30.0
    ends_within: float = 8.0
    trusted_proxy: str | None = None


class Ending:
    """Whether a process was asked to end. Handles the signal that asks."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, _number: int, _frame: object) -> None:
        """Set the flag; the loops check it every fraction of a second."""
        self.asked = True


class BoundedParser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a chunked body whose lines between the chunks, or after the last, never end."""

    completed: bool

    def received(self, data: bytes) -> int:
        """Parse the received bytes; returns how many belonged to this request."""
        consumed: int = super().received(data)
        lines = (getattr(self.body_rcv, name, b"") for name in ("control_line", "trailer"))
        if not self.completed and any(len(line) > LARGEST_CHUNK_LINE for line in lines):
            self.error = BadRequest("A line between two chunks is too long.")
            self.completed = True
        return consumed


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose requests are bounded."""

    parser_class = BoundedParser


class Deadlines:
    """Closes connections whose request does not arrive, or whose answer is not taken, in time."""

    def __init__(self, how: Serving) -> None:
        self._limits = {"arrives": how.arrives_within, "is taken": how.taken_within}
        self._since: dict[object, float] = {}

    def enforce(self, channels: list[HTTPChannel], now: float) -> None:
        """Check all connections. Each request and each answer has its own deadline."""
        waits = [
            (channel, what, thing) for channel in channels for what, thing in awaited_of(channel)
        ]
        self._since = {thing: self._since.get(thing, now) for _, _, thing in waits}
        for channel, what, thing in waits:
            if now - self._since[thing] > self._limits[what]:
                channel.will_close = True


def awaited_of(channel: HTTPChannel) -> Iterator[tuple[str, object]]:
    """The partly received request, and the partly sent answer."""
    request = channel.request
    if request is not None and not request.completed:
        yield "arrives", request
    if channel.total_outbufs_len and not channel.requests:
        yield "is taken", channel.outbufs[0]


def run_process(
    app: Flask, listening: socket.socket, how: Serving, beat_to: int, ending: Ending
) -> None:
    """Serve until asked to end, or until the parent is gone."""
    sockets: dict[int, Any] = {}
    server = make_server(app, listening, how, sockets)
    turn = partial(wasyncore.loop, use_poll=True, map=sockets, count=1)
    deadlines, looked = Deadlines(how), 0.0
    os.set_blocking(beat_to, False)
    while not ending.asked:
        turn(timeout=LOOK_EVERY)
        now = time.monotonic()
        if now - looked >= LOOK_EVERY:
            looked = now
            deadlines.enforce(list(server.active_channels.values()), now)
            if not beat(beat_to):
                break
    finish(server, partial(turn, timeout=LOOK_EVERY / 10), time.monotonic() + how.ends_within)


def make_server(app: Flask, listening: socket.socket, how: Serving, sockets: dict[int, Any]) -> Any:
    """Waitress over a socket that listens already."""
    tell_seldom()
    proxy = {}
    if how.trusted_proxy:
        headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
        proxy = {"trusted_proxy": how.trusted_proxy, "trusted_proxy_headers": headers}
    server = create_server(
        app,
        map=sockets,
        sockets=[listening],
        threads=how.threads,
        connection_limit=how.connections,
        channel_timeout=how.idle_for,
        cleanup_interval=2,
        max_request_header_size=LARGEST_HEADER,
        max_request_body_size=LARGEST_BODY,
        outbuf_high_watermark=LARGEST_ANSWER_HELD,
        ident=None,
        log_socket_errors=False,
        # They stay visible: they mark a request through a proxy, and nothing else reads them.
        clear_untrusted_proxy_headers=False,
        **proxy,
    )
    server.channel_class = Channel
    return server


def beat(pipe: int) -> bool:
    """Send a heartbeat. Whether the parent still exists."""
    try:
        os.write(pipe, b".")
    except BlockingIOError:  # the parent is busy
        return True
    except OSError:
        return False
    return True


def finish(server: Any, turn: partial[None], until: float) -> None:
    """Accept no new connection, and answer what has arrived."""
    server.accepting = False
    while time.monotonic() < until and any(
        channel.requests or channel.total_outbufs_len
        for channel in list(server.active_channels.values())
    ):
        turn()
    server.task_dispatcher.shutdown(timeout=max(0.0, until - time.monotonic()))
