"""Ports on the loopback address: which are free, which are taken."""

import errno
import secrets
import socket

from backend.errors import ConfigurationError

LOOPBACK = "127.0.0.1"

OURS = range(12_000, 32_000)
"""Ports for servers of our own. From 32768 on the system hands ports to outgoing connections, which
could take one while its server is down.
"""


def free_port() -> int:
    """A free port, drawn at random so that two programs hardly ever draw the same."""
    while True:
        port = OURS[secrets.randbelow(len(OURS))]
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        # As servers do, so that connections still closing do not count as a user of the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
        return True


def require_free(port: int, *, what: str, setting: str) -> None:
    """Refuse with one sentence when the port that `what` needs is taken."""
    if not is_free(port):
        raise ConfigurationError(
            f"Port {port} is in use, and {what} needs it. "
            f"Stop the program that has it, or set {setting} to another port."
        )
