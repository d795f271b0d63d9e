"""A DNS server on loopback, with the records that a test puts in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.support.databases import AT_THE_END

Zone = dict[tuple[str, str], list[str]]
"""Records as in a zone file, by name and kind: {("acme.example", "TXT"): ['"v=spf1 -all"']}."""
BROKEN = {"broken.example"}
"""Names under which the server fails."""
ZONE: Zone = {}
SERVERS: list[ThreadingUDPServer] = []


class Answer(BaseRequestHandler):
    def handle(self) -> None:
        packet, socket = self.request
        asked = dns.message.from_wire(packet)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        question = asked.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        if name.endswith(tuple(BROKEN)):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif (name, kind) in ZONE:
            rrset = dns.rrset.from_text(question.name, 0, "IN", kind, *ZONE[name, kind])
            answer.answer.append(rrset)
        elif not any(known == name for known, _ in ZONE):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


def dns_server() -> str:
    """Where it listens; it is started once, and ends with the tests."""
    if not SERVERS:
        server = ThreadingUDPServer(("127.0.0.1", 0), Answer)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        SERVERS.append(server)
        AT_THE_END.extend([server.shutdown, server.server_close, SERVERS.clear])
    return f"127.0.0.1:{SERVERS[0].server_address[1]}"


@contextmanager
def records(zone: Zone) -> Iterator[None]:
    """Have these records meanwhile."""
    ZONE.update(zone)
    try:
        yield
    finally:
        ZONE.clear()


@contextmanager
def failing() -> Iterator[None]:
    """Have every question fail meanwhile."""
    BROKEN.add("")
    try:
        yield
    finally:
        BROKEN.discard("")


def quoted(text: str) -> str:
    """A TXT record in pieces of 255 characters."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
