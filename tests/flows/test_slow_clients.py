"""The web server under clients that are slow on purpose, and under kill -9.

Both starts are real processes: the product itself, which needs neither its database nor Redis to
say that it lives, and a small application with short deadlines.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from backend.local.ports import free_port
from backend.settings import environment
from tests.support.processes import eventually, is_alive
from tests.support.product import PROJECT, child_pids

pytestmark = pytest.mark.flow

OF_EACH = 50
POST = b"POST /signout HTTP/1.1\r\nHost: localhost\r\n"
BIG = b"GET /static/vendor/tabler.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = {
    "header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "body": POST + b"Content-Length: 100000\r\n\r\n",
    "chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n186A0\r\n",
    "reading": BIG * 20,
}
"""What each kind of slow client begins with."""


@contextmanager
def serving(*argv: str, port: int, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *argv], cwd=PROJECT, env={**environment(), **env}
    )
    try:
        assert eventually(lambda: answers(port), within=60)
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def product() -> Iterator[int]:
    """The port of the product's web server."""
    port = free_port()
    settings = {
        "RAPPORT_PORT": str(port),
        "RAPPORT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "RAPPORT_REDIS_URL": "redis://127.0.0.1:1",
        "RAPPORT_SECRET_KEYS": "kU4e8Gm0tq-6sVb2yXw9Rj3nLc7hZ1pA5dFf",
        "RAPPORT_GOOGLE_CLIENT_ID": "client",
        "RAPPORT_GOOGLE_CLIENT_SECRET": "secret",
    }
    with serving("backend.wsgi", port=port, **settings):
        yield port


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, int]]:
    """Port and parent of the small application."""
    port = free_port()
    with serving("tests.flows.served", str(port), port=port) as process:
        yield port, process.pid


def get(port: int, path: str, timeout: float = 20, sent: Mapping[str, str] | None = None) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=dict(sent or {}))
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def answers(port: int) -> bool:
    try:
        get(port, "/healthz")
    except OSError:
        return False
    return True


def connected(port: int, begin: bytes) -> socket.socket:
    """A connection that takes little at a time and has sent this."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(5)
    client.connect(("127.0.0.1", port))
    client.sendall(begin)
    return client


def dribble(clients: dict[str, list[socket.socket]]) -> None:
    """One byte more of each request, and 64 bytes less of each answer."""
    for kind, sockets in clients.items():
        for client in sockets:
            if kind == "reading":
                assert client.recv(64)
            else:
                client.send(b"x")


def test_it_answers_in_a_second_under_two_hundred_slow_clients(product: int) -> None:
    with ExitStack() as closing:
        clients = {
            kind: [closing.enter_context(connected(product, begin)) for _ in range(OF_EACH)]
            for kind, begin in SLOW.items()
        }
        waited = []
        for _ in range(12):
            dribble(clients)
            begun = time.monotonic()
            assert get(product, "/healthz", timeout=5) == "ok\n"
            waited.append(time.monotonic() - begun)
            Event().wait(0.2)
    assert max(waited) < 1, waited


def until_closed(client: socket.socket, byte: bytes) -> float:
    """Seconds in which a client that sends one byte now and then is let go."""
    begun = time.monotonic()
    client.settimeout(0.2)
    while time.monotonic() - begun < 20:
        try:
            client.send(byte)
            if client.recv(4096) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - begun


@pytest.mark.parametrize("kind", ["header", "body", "chunks"])
def test_a_request_that_never_arrives_is_given_up(kind: str, served: tuple[int, int]) -> None:
    with connected(served[0], SLOW[kind]) as client:
        assert 1 < until_closed(client, b"x") < 5


@pytest.mark.parametrize(
    ("begin", "more", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nX: ", b"x" * 40_000, b" 431 ", id="header"),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 40_000, b" 400 ", id="chunk line"
        ),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
            b"x" * 40_000,
            b" 400 ",
            id="trailer",
        ),
        pytest.param(POST + b"Content-Length: 99999999\r\n\r\n", b"", b" 413 ", id="body"),
    ],
)
def test_what_is_too_long_is_refused_at_once(
    begin: bytes, more: bytes, status: bytes, served: tuple[int, int]
) -> None:
    with connected(served[0], begin) as client:
        client.sendall(more)
        assert status in client.recv(4096).partition(b"\r\n")[0]


def test_a_chunked_body_is_whole_when_it_is_read(served: tuple[int, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served[0], timeout=20)
    connection.request("POST", "/size", body=iter([b"x" * 70_000] * 10), encode_chunked=True)
    assert connection.getresponse().read() == b"700000"
    connection.close()


def test_a_trusted_proxy_names_the_client(served: tuple[int, int]) -> None:
    told = get(served[0], "/peer", sent={"X-Forwarded-For": "203.0.113.7"})
    assert told == "203.0.113.7 203.0.113.7"


def test_one_killed_process_is_replaced(served: tuple[int, int]) -> None:
    port, parent = served
    before = child_pids(parent)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    assert eventually(lambda: len(child_pids(parent)) == 2 and not is_alive(before[0]))
    assert int(get(port, "/pid")) in child_pids(parent)


def test_a_request_that_holds_the_interpreter_does_not_hold_the_product(
    served: tuple[int, int],
) -> None:
    port, parent = served
    before = set(child_pids(parent))
    with connected(port, b"GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n"):
        assert eventually(lambda: len(before - set(child_pids(parent))) == 1, within=20)
    assert eventually(lambda: len(child_pids(parent)) == 2)
    assert int(get(port, "/pid")) in child_pids(parent)


def test_it_ends_with_what_has_arrived_answered(served: tuple[int, int]) -> None:
    """The last test of the module: it ends the shared start."""
    port, parent = served
    children = child_pids(parent)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(get, port, "/slow") for _ in range(4)]
        Event().wait(0.3)
        os.kill(parent, signal.SIGTERM)
        assert [one.result() for one in asked] == ["done"] * 4
    assert eventually(lambda: not any(map(is_alive, [*children, parent])))
