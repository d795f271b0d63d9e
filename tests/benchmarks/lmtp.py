"""Mails a second by LMTP with a commit before each answer, and memory while large mail arrives.

Run: python -m tests.benchmarks.lmtp. Goal lines: 200 mails of 10 kB a second over 8 connections,
without loss or doubles; eight mails of 40 MB at once under 80 MB of memory.
"""

import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from os import sysconf
from pathlib import Path
from time import perf_counter

import psycopg

from backend.local.checks import greets
from backend.local.ports import free_port
from backend.settings import environment
from backend.store.migrations import upgrade
from tests.support.lmtp import MailServer, written
from tests.support.processes import eventually
from tests.support.servers import running_postgres, running_valkey

MAILS, CONNECTIONS, SIZE = 1600, 8, 10_000
LARGE = 40 * 1024 * 1024
TO = "log-aaaaaaaaaaaaaaaaaaaa@log.lumenworks.example"
ROBIN = "robin@lumenworks.example"


def prepare(superuser: str) -> None:
    """A workspace with one address."""
    with psycopg.connect(superuser) as connection:
        connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES (1, 'B', now())")
        connection.execute(
            "INSERT INTO capture_addresses (workspace_id, token, kind, created_at)"
            " VALUES (1, 'aaaaaaaaaaaaaaaaaaaa', 'workspace', now())"
        )


def deliver(port: int, mails: list[bytes]) -> None:
    """One connection's share."""
    with closing(MailServer(port)) as server:
        server.hello()
        for mail in mails:
            assert server.deliver(mail, TO) == ["250 2.0.0 OK"]


def together(port: int, shares: list[list[bytes]]) -> float:
    """Seconds until all connections are done."""
    threads = [threading.Thread(target=deliver, args=(port, share)) for share in shares]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - started


def peak(pid: int) -> int:
    """The most memory the process has had, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (line,) = [one for one in lines if one.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def cpu(pid: int) -> float:
    """Seconds of computing the process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Seconds on the wall and of the server's computing; its memory at rest and at most, in MB."""

    seconds: float
    computing: float
    rest: int
    peak: int


def main() -> None:
    """Both figures, each from a process of its own."""
    with running_postgres(durable=True) as server, running_valkey() as valkey:
        upgrade(server.owner_url())
        superuser = server.superuser_url("rapport")
        prepare(superuser)
        base = {
            **environment(),
            "RAPPORT_DATABASE_URL": server.app_url(),
            "RAPPORT_REDIS_URL": valkey.url,
            "RAPPORT_SECRET_KEYS": "a-key-for-tests-that-is-long-enough-for-anybody",
            "RAPPORT_GOOGLE_CLIENT_ID": "none",
            "RAPPORT_GOOGLE_CLIENT_SECRET": "none",
            "RAPPORT_CAPTURE_DOMAIN": "log.lumenworks.example",
        }
        small = [
            written(ROBIN, "a@b.example", subject=f"Mail {n}", text="x" * 76 * (SIZE // 77))
            for n in range(MAILS)
        ]
        shares = [small[one::CONNECTIONS] for one in range(CONNECTIONS)]
        found = measured(base, shares)
        rate, each = MAILS / found.seconds, found.computing * 1000 / MAILS
        print(f"{MAILS} mails of 10 kB, {CONNECTIONS} connections: {rate:.0f}/s")
        print(f"computing: {each:.1f} ms a mail")
        large = [[small[one] + (b"y" * 78 + b"\r\n") * (LARGE // 80)] for one in range(CONNECTIONS)]
        found = measured(base, large)
        print(f"{CONNECTIONS} mails of 40 MB at once: {found.seconds:.1f} s")
        print(f"memory: {found.rest} MB at rest, {found.peak} MB at most")
        with psycopg.connect(superuser) as connection:
            count = connection.execute("SELECT count(*) FROM inbound_mails").fetchone()
        stored = count[0] if count else 0
        print(f"stored {stored} of {MAILS + CONNECTIONS}")


def measured(base: dict[str, str], shares: list[list[bytes]]) -> Measured:
    """A server of its own takes this mail."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "backend.hooks.smart_bcc"],
        env={**base, "RAPPORT_LMTP_ADDRESS": f"127.0.0.1:{port}"},
        stdout=subprocess.DEVNULL,
    )
    try:
        assert eventually(lambda: greets(port))
        rest, before = peak(child.pid), cpu(child.pid)
        seconds = together(port, shares)
        return Measured(seconds, cpu(child.pid) - before, rest, peak(child.pid))
    finally:
        child.kill()
        child.wait()


if __name__ == "__main__":
    main()
