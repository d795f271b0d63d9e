"""One address in front of several web processes: each connection goes to the next of them."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.support.serving import at_work


class Balancer(ThreadingTCPServer):
    """Hands connections on in turn and counts them by port."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, behind: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", port), SenderLimits)
        self.served: Counter[int] = Counter()
        self._turns = cycle(behind)
        self._lock = threading.Lock()

    def next_port(self) -> int:
        """Whose turn it is."""
        with self._lock:
            port = next(self._turns)
            self.served[port] += 1
            return port


class SenderLimits(BaseRequestHandler):
    """One connection, passed on in both directions."""

    server: Balancer

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.next_port())) as behind:
            back = threading.Thread(target=pour, args=(behind, self.request), daemon=True)
            back.start()
            pour(self.request, behind)
            back.join()


def pour(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until there are no more."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other side has gone


@contextmanager
def balanced(port: int, behind: Sequence[int]) -> Iterator[Balancer]:
    """A balancer at work."""
    balancer = Balancer(port, behind)
    with at_work(balancer):
        yield balancer
