"""Reading the open email for a card: over in time whatever Gmail does, and never a surprise."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic

import pytest

from backend.clock import utc_now
from backend.errors import MessageGone, ProviderUnavailable, RapportError
from backend.google import opened
from backend.google.opened import Extent, Fetched, OpenTokens, content_of, read_opened
from backend.google.roots import Roots

OVER = Event()


class Slow(BaseHTTPRequestHandler):
    """Says at once that a long answer comes, and then one byte now and then; or nothing at all."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if "silent" in self.path:
            OVER.wait(5)
            return
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not OVER.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        """Nothing is worth a line."""


@pytest.fixture
def slow_gmail() -> Iterator[Roots]:
    OVER.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Roots(f"http://127.0.0.1:{server.server_port}")
    OVER.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("gmail_id", ["trickles", "silent", "msg-f:12"])
def test_one_deadline_holds_for_everything(
    gmail_id: str, slow_gmail: Roots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "DEADLINE", 0.4)
    started = monotonic()
    with pytest.raises(ProviderUnavailable):
        read_opened(slow_gmail, gmail_id, OpenTokens("a", "b"), extent=Extent.WHOLE, now=utc_now())
    assert monotonic() - started < 4


GONE = b'{"error": {"code": 404, "errors": [{"reason": "notFound"}]}}'
PAGE = b"<html>That's all we know.</html>"


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (404, GONE, MessageGone),
        (404, PAGE, ProviderUnavailable),
        (403, PAGE, ProviderUnavailable),
        (401, b"{}", ProviderUnavailable),
        (400, b'{"error": {"status": "FAILED_PRECONDITION"}}', ProviderUnavailable),
        (200, PAGE, ProviderUnavailable),
        (200, b'{"id": "1', ProviderUnavailable),
        (200, b"[]", ProviderUnavailable),
        (302, b"", ProviderUnavailable),
    ],
)
def test_what_is_answered_has_one_meaning(
    status: int, content: bytes, kind: type[RapportError]
) -> None:
    with pytest.raises(kind):
        content_of(Fetched(status, content, {}), utc_now())
