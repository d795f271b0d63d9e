"""Taps a WSGI server, so that every Gmail answer of a test run passes the discovery check."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.simulator.discovery_check import Discovery, Exchange

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What is not Gmail's API: accounts, keys, and the simulator's own addresses.
EXEMPT = re.compile(
    r"/(simulator|o/oauth2|oauth2|token|tokeninfo|revoke|v1/userinfo|\.well-known)(/.*)?"
)
BATCH = re.compile(r"/batch(/gmail/v1)?")
FAULT_HEADER = "x-simulator-fault"


class Recorder:
    """Middleware that checks what passes and keeps what is wrong."""

    def __init__(self, app: "WSGIApplication", discovery: Discovery) -> None:
        self._app = app
        self._discovery = discovery
        self.findings: list[str] = []
        self.checked = 0

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        body = _read_body(environ)
        head: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = [int(status.split(maxsplit=1)[0]), headers]
            return start_response(status, headers, exc_info)

        answer = b"".join(self._app(environ, remember))
        self._check(_exchange(environ, body, head, answer))
        return [answer]

    def _check(self, exchange: Exchange) -> None:
        if EXEMPT.fullmatch(exchange.path) or FAULT_HEADER in exchange.response_headers:
            return
        is_batch = BATCH.fullmatch(exchange.path) and exchange.status == 200
        for one in unpacked(exchange) if is_batch else [exchange]:
            if FAULT_HEADER not in one.response_headers:
                self.checked += 1
                self.findings += self._discovery.check(one)


def unpacked(batch: Exchange) -> Iterator[Exchange]:
    """The calls inside a batch, paired by Content-ID."""
    answers = {}
    for ident, head, body in _parts(batch.response_headers, batch.response_body):
        answers[ident.removeprefix("response-")] = (head, body)
    for ident, head, body in _parts(batch.request_headers, batch.request_body):
        line, _, rest = head.partition("\n")
        verb, target = line.split()[:2]
        status_line, _, answer_headers = answers[ident][0].partition("\n")
        yield Exchange(
            verb=verb,
            path=urlsplit(target).path,
            query=parse_qs(urlsplit(target).query, keep_blank_values=True),
            status=int(status_line.split()[1]),
            request_body=body,
            response_body=answers[ident][1],
            request_headers=_headers(rest),
            response_headers=_headers(answer_headers),
        )


def _parts(headers: Any, body: bytes) -> Iterator[tuple[str, str, bytes]]:
    """(Content-ID, head of the inner message, its body)."""
    whole = message_from_bytes(
        b"Content-Type: " + headers["content-type"].encode() + b"\n\n" + body
    )
    for part in whole.walk():
        if part.get_content_type() == "application/http":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            head, _, inner = content.replace(b"\r\n", b"\n").partition(b"\n\n")
            ident = part["Content-ID"].strip("<>").replace(" ", "")
            yield ident.removeprefix("response-"), head.decode(), inner.strip()


def _headers(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _read_body(environ: "WSGIEnvironment") -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    stream = environ["wsgi.input"]
    body: bytes = stream.read(length) if length else b""
    environ["wsgi.input"] = BytesIO(body)
    return body


def _exchange(environ: "WSGIEnvironment", body: bytes, head: list[Any], answer: bytes) -> Exchange:
    request_headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if isinstance(value, str) and (name.startswith("HTTP_") or name == "CONTENT_TYPE")
    }
    return Exchange(
        verb=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True),
        status=head[0],
        request_body=body,
        response_body=answer,
        request_headers=request_headers,
        response_headers={name.lower(): value for name, value in head[1]},
    )
