"""A Google that answers one byte after the other: nobody is held by it, whatever is asked."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

import pytest
from google.oauth2.credentials import Credentials

from backend.clock import utc_now
from backend.errors import ConsentRefused, ProviderUnavailable, RapportError, SendUnknown
from backend.google import (
    client_check,
    credentials,
    discovery,
    files,
    kept_answer,
    oauth,
    opened,
    posting,
)
from backend.google.client_check import refusal_of_client
from backend.google.deadlines import answer_within
from backend.google.gmail import GmailMailbox
from backend.google.oauth import CONNECT, OAuthClient
from backend.google.opened import Extent, OpenTokens, kept_connections
from backend.google.posting import post_message
from backend.google.roots import Roots
from backend.google.signing_keys import SigningKeys, look

WITHIN = 0.4
"""Seconds that an answer may take here."""

PACE = 0.02
"""Seconds between two bytes."""

ANSWERS = {
    "header": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n",
}
TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{"id": "a", "threadId": "b"}'


@contextmanager
def answering(talk: Callable[[socket.socket], None]) -> Iterator[Roots]:
    """A server that answers every connection in this way."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                Thread(target=talked, args=(connection,), daemon=True).start()

        def talked(connection: socket.socket) -> None:
            with connection:
                try:
                    talk(connection)
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        yield Roots(f"http://127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """All deadlines as short as a test may take."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    for module in (client_check, kept_answer, oauth, credentials):
        monkeypatch.setattr(module, "TIMEOUT", WITHIN)
    monkeypatch.setattr(posting, "ANSWERS_WITHIN", WITHIN)
    monkeypatch.setattr(discovery.PlainConnection, "response_class", answer_within(WITHIN))
    for pool in (opened, files):
        monkeypatch.setattr(pool, "CONNECTIONS", kept_connections(WITHIN))


def calls(roots: Roots) -> dict[str, tuple[Callable[[], object], type[RapportError] | None]]:
    """Every way in which we ask Google something, with what it comes to."""
    keys = SigningKeys(roots.certs, utc_now)
    client = OAuthClient("id", "secret", "http://127.0.0.1:1", roots, keys)
    granted = Credentials("token")
    boxes = [
        GmailMailbox(discovery.gmail_service(roots, granted), take=lambda _: None, now=utc_now)
        for _ in range(2)
    ]
    cache = credentials.CredentialsCache("id", "secret", roots)
    tokens = OpenTokens("a", "b")
    late = ProviderUnavailable
    return {
        "read": (boxes[0].profile, late),
        "batch": (lambda: boxes[1].labels_of(["a", "b"]), late),
        "send": (
            lambda: post_message(granted, roots, b"Hi", thread_id=None, now=utc_now()),
            SendUnknown,
        ),
        "token": (lambda: cache.credentials(1, "refresh"), late),  # type: ignore[arg-type]
        "consent": (lambda: client.exchange("c", CONNECT, verifier="v", nonce="n"), ConsentRefused),
        "revoke": (lambda: client.revoke("refresh"), None),
        "client": (lambda: refusal_of_client(client), late),
        "keys": (lambda: look(roots.certs), None),
        "card": (
            lambda: opened.read_opened(roots, "a", tokens, extent=Extent.WHOLE, now=utc_now()),
            late,
        ),
        "file": (lambda: b"".join(files.GmailFiles(roots, "t", utc_now()).open("a", "1")), late),
    }


def came_to(call: Callable[[], object]) -> type[BaseException] | None:
    try:
        call()
    except RapportError as error:
        return type(error)
    return None


def test_no_call_is_held_by_an_answer_that_trickles(in_a_hurry: None) -> None:
    over = Event()

    def trickle(connection: socket.socket, begin: bytes) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        while not over.wait(PACE):
            connection.sendall(b"1")

    started = monotonic()
    found: dict[tuple[str, str], tuple[object, object]] = {}
    with ThreadPoolExecutor(40) as together:
        for how, begin in ANSWERS.items():
            with answering(lambda one, begin=begin: trickle(one, begin)) as roots:  # type: ignore[misc]
                asked = calls(roots)
                ended = together.map(came_to, [call for call, _ in asked.values()])
                expected = {(how, name): error for name, (_, error) in asked.items()}
                found |= dict(
                    zip(expected, zip(ended, expected.values(), strict=True), strict=True)
                )
    over.set()
    assert {name: ended for name, (ended, error) in found.items() if ended is not error} == {}
    assert monotonic() - started < 20 * WITHIN


def test_a_mail_may_be_handed_over_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for connecting is not the time for 25 MB."""
    monkeypatch.setattr(posting, "TIMEOUT", (0.1, 5))
    size = 8 * 1024 * 1024

    def read_late(connection: socket.socket) -> None:
        Event().wait(0.3)
        taken = 0
        while taken < size:
            taken += len(connection.recv(1024 * 1024))
        connection.sendall(TAKEN)

    with answering(read_late) as roots:
        sent = post_message(Credentials("token"), roots, bytes(size), thread_id=None, now=utc_now())
    assert sent.gmail_id == "a"
