"""Servers at work in a thread of the test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread

from flask import Flask

from backend.simulator.server import build_server

LOOKS_EVERY = 0.01
"""Seconds after which it notices that it shall end; the default of half a second adds up."""


@contextmanager
def at_work(server: BaseServer) -> Iterator[None]:
    """Serve until the block ends, then close."""
    thread = Thread(target=server.serve_forever, args=(LOOKS_EVERY,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """An application as the simulator would serve it; its root address meanwhile."""
    server = build_server(app, "127.0.0.1", 0)
    with at_work(server):
        yield f"http://127.0.0.1:{server.server_port}"
