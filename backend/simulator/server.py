"""The web server: threads in one process, connections kept open as Google's are."""

import logging

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from backend.simulator.addressed import ThisMachineOnly
from backend.simulator.config import checked_host

log = logging.getLogger(__name__)


class Handler(WSGIRequestHandler):
    """Keeps connections, logs no request lines, and is done with a connection that was cut."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; waiting costs 40 ms each

    def connection_dropped(
        self, error: BaseException, environ: dict[str, object] | None = None
    ) -> None:
        del error, environ
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        log.debug("request code=%s size=%s", code, size)


def build_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server bound to a loopback address; UnsafeAddressError for any other."""
    inside = ThisMachineOnly(app)
    return make_server(checked_host(host), port, inside, threaded=True, request_handler=Handler)
