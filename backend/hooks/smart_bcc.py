"""The process that takes mail by LMTP from the mail server beside it: `rapport smart-bcc`.

An edge like the HTTP hooks, with another protocol. It stores, answers, and leaves the rest to
workers, so that a crash loses no acknowledged mail.
"""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

import structlog

from backend.deps import Deps
from backend.domain.capture.smart_bcc import LARGEST_MAIL, Road
from backend.errors import ConfigurationError
from backend.provider.lmtp.content import Content
from backend.provider.lmtp.server import LmtpServer
from backend.provider.lmtp.session import Envelope
from backend.services import scheduler
from backend.services.smart_bcc.receiving import Destination, find_address, take_mail
from backend.store.inbound_mails import Arrived
from backend.wiring import LmtpPlace, build_deps, configure_logging, lmtp_place, read_settings

log = structlog.get_logger(__name__)

BEAT_EVERY = 10.0
"""Seconds between two heartbeats."""
MOST_AT_ONCE = 64
"""Mails stored at the same time; further ones get a temporary refusal."""


@dataclass
class MailIntake:
    """Handles what the LMTP server receives."""

    deps: Deps
    most: int = LARGEST_MAIL
    _at_work: int = 0
    _lock: Lock = field(default_factory=Lock)

    def find(self, recipient: str) -> Destination:
        """The owner of a recipient address."""
        return find_address(self.deps, recipient)

    def take(self, recipient: Destination, envelope: Envelope, content: Content) -> None:
        """Store a mail."""
        arrived = Arrived(
            workspace_id=recipient.workspace_id,
            address_id=recipient.address_id,
            sha256=content.sha256,
            size=content.size,
            via=Road.LMTP,
            mail_from=envelope.mail_from,
            client=envelope.client,
            helo=envelope.helo,
            received_at=self.deps.now(),
        )
        self._count(1)
        try:
            take_mail(self.deps, arrived, content.file)
        finally:
            self._count(-1)

    @property
    def is_busy(self) -> bool:
        """Whether the limit of concurrent mails is reached."""
        return self._at_work >= MOST_AT_ONCE

    def _count(self, change: int) -> None:
        with self._lock:
            self._at_work += change


def main() -> None:
    """Serve until a signal arrives."""
    configure_logging()
    settings = read_settings()
    place = lmtp_place(settings)
    asyncio.run(serve(build_deps(settings), place))


async def serve(deps: Deps, place: LmtpPlace) -> None:
    """Serve at this address until a signal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = LmtpServer(MailIntake(deps), place.host, place.port, place.peers)
    heart = asyncio.create_task(beat(deps, stop))
    await server.serve(stop, lambda port: log.info("lmtp_ready", port=port))
    await heart


async def beat(deps: Deps, stop: asyncio.Event) -> None:
    """Report that this process is alive, until `stop`. A database that is away is no reason to end:
    the mail server keeps its mail meanwhile.
    """
    name = f"lmtp-{socket.gethostname()}-{os.getpid()}"
    while not stop.is_set():
        try:
            await asyncio.to_thread(scheduler.beat, deps, name, "lmtp")
        except Exception as error:  # noqa: BLE001 - a heartbeat must not end the server
            log.warning("heartbeat_missed", why=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), BEAT_EVERY)


if __name__ == "__main__":
    try:
        main()
    except ConfigurationError as error:
        sys.exit(error.sentence)
