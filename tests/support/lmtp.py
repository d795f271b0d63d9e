"""A mail server's side of LMTP, spoken on a plain socket so that each reply can be looked at."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from backend.deps import Deps
from backend.hooks.smart_bcc import MailIntake
from backend.provider.lmtp.server import LmtpServer


def written(
    sender: str, *to: str, subject: str = "Hello", text: str = "Hi", **headers: str
) -> bytes:
    """A mail as its writer's program makes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(to), subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = headers.pop("message_id", make_msgid(domain="mail.example"))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class MailServer:
    """One connection to our LMTP server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._file = self._socket.makefile("rb")
        try:
            self.greeting = self.reply()
        except OSError:
            self.close()
            raise

    def reply(self) -> str:
        """The next reply, its last line. Empty when the connection has ended."""
        while True:
            line = self._file.readline().decode()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def say(self, line: str) -> str:
        """One command, and its reply."""
        self._socket.sendall(f"{line}\r\n".encode())
        return self.reply()

    def send(self, data: bytes) -> None:
        """Bytes as they are."""
        self._socket.sendall(data)

    def hello(self) -> str:
        """Begin."""
        return self.say("LHLO mx.example.com")

    def came_from(self, client: str, helo: str) -> None:
        """Say who gave the next mails to this mail server."""
        assert self.say(f"XFORWARD ADDR={client} HELO={helo}").startswith("250")

    def deliver(
        self, mail: bytes, *to: str, sender: str = "robin@lumenworks.example"
    ) -> Sequence[str]:
        """One mail by DATA. Returns a reply for each recipient, refused ones first."""
        begun = self.say(f"MAIL FROM:<{sender}>")
        if not begun.startswith("250"):
            return [begun]
        replies = [self.say(f"RCPT TO:<{one}>") for one in to]
        refused = [one for one in replies if not one.startswith("250")]
        if len(refused) == len(replies):
            self.say("RSET")
            return refused
        assert self.say("DATA").startswith("354")
        lines = mail.removesuffix(b"\r\n").replace(b"\r\n.", b"\r\n..")
        self.send(lines + b"\r\n.\r\n")
        return [*refused, *(self.reply() for _ in range(len(to) - len(refused)))]

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


@contextmanager
def connection(port: int) -> Iterator[MailServer]:
    """A connection that was greeted."""
    server = MailServer(port)
    try:
        server.hello()
        yield server
    finally:
        server.close()


@contextmanager
def lmtp_server(deps: Deps, port: int = 0) -> Iterator[int]:
    """Our LMTP server in a thread, on a free port unless one is named. Gives its port."""
    ports: list[int] = []
    ready, loops = threading.Event(), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()

    def told(port: int) -> None:
        ports.append(port)
        ready.set()

    async def serve() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        await LmtpServer(MailIntake(deps), "127.0.0.1", port, frozenset({"127.0.0.1"})).serve(
            stop, told
        )

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(20)
        yield ports[0]
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
