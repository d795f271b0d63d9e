"""Listens for the mail server: allowed peers, a limit on connections, a graceful end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, ParamSpec, TypeVar

import structlog

from backend.provider.lmtp.session import Receiver, Session
from backend.provider.lmtp.wire import Wire

log = structlog.get_logger(__name__)
R = TypeVar("R")
T = TypeVar("T")
P = ParamSpec("P")

MOST_CONNECTIONS = 100
THREADS = 8
GRACE = 10.0
"""Seconds that conversations have to end before they are cut. Unconfirmed mail is sent again."""


@dataclass
class LmtpServer(Generic[R]):
    """Serves on `host` and `port`, to these peers only: a peer is believed about whom a message
    came from.
    """

    receiver: Receiver[R]
    host: str
    port: int
    peers: frozenset[str]
    name: str = "rapport"
    _open: set[asyncio.Task[None]] = field(default_factory=set)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="lmtp")
    )

    async def serve(self, stop: asyncio.Event, ready: Callable[[int], None]) -> None:
        """Serve until `stop`; `ready` gets the port once it listens."""
        server = await asyncio.start_server(self._welcome, self.host, self.port)
        async with server:
            ready(server.sockets[0].getsockname()[1])
            await stop.wait()
            server.close()
            if self._open:
                _, late = await asyncio.wait(self._open, timeout=GRACE)
                for one in late:
                    one.cancel()
        self._threads.shutdown(wait=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._open.add(task)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass  # the other side has gone, or is silent; what was not answered comes again
        finally:
            self._open.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        peer = writer.get_extra_info("peername")[0]
        if peer not in self.peers:
            log.warning("lmtp_peer_refused", peer=peer)
            await wire.say("421 4.7.1 This server may not deliver here")
            return
        if len(self._open) > MOST_CONNECTIONS:
            await wire.say("421 4.3.2 Too many connections, try again")
            return
        session = Session(wire, self.receiver, self._in_thread, self.name)
        try:
            await session.run()
        finally:
            session.close()

    async def _in_thread(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(work, *arguments, **named))
