"""`rapport smart-bcc` as a process that is killed: nothing that was answered for is lost, and what
was not is taken once when it comes again.
"""

import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field

from backend.local.checks import greets
from backend.local.ports import free_port
from tests.console.conftest import member
from tests.console.test_smart_bcc import fields
from tests.support.company import AUTHSERV_ID, DANA, ROBIN, Company
from tests.support.crew import crew_of
from tests.support.lmtp import MailServer, written
from tests.support.processes import eventually

MAILS, CONNECTIONS = 40, 4
PAUSE = 0.02
"""Seconds before a mail server connects again."""
PROOF = f"{AUTHSERV_ID}; dkim=pass header.d=lumenworks.example"


@dataclass
class Queue:
    """A mail server's queue: what was not answered for is sent again, byte for byte the same."""

    port: int
    to: str
    mails: list[bytes]
    taken: list[int] = field(default_factory=list)

    def deliver(self, mine: list[int]) -> None:
        while mine:
            with suppress(OSError, AssertionError), closing(MailServer(self.port)) as server:
                server.hello()
                while mine:
                    assert server.deliver(self.mails[mine[0]], self.to) == ["250 2.0.0 OK"]
                    self.taken.append(mine.pop(0))
            threading.Event().wait(PAUSE)


def test_killed_between_mails_it_loses_and_doubles_nothing(quiet_company: Company) -> None:
    to = fields(member(quiet_company, ROBIN))["Your address"]
    mails = [
        written(ROBIN, DANA, subject=f"Mail {one}", Authentication_Results=PROOF)
        for one in range(MAILS)
    ]
    queue = Queue(free_port(), to, mails)
    threads = [
        threading.Thread(target=queue.deliver, args=(list(range(one, MAILS, CONNECTIONS)),))
        for one in range(CONNECTIONS)
    ]
    with crew_of(quiet_company, RAPPORT_LMTP_ADDRESS=f"127.0.0.1:{queue.port}") as crew:
        first = crew.start("smart-bcc")
        assert eventually(lambda: greets(queue.port))
        for thread in threads:
            thread.start()
        while len(queue.taken) < MAILS // 2:
            threads[0].join(0.001)
        crew.kill(first)
        crew.start("smart-bcc")
        assert eventually(lambda: greets(queue.port))
        for thread in threads:
            thread.join()
    assert sorted(queue.taken) == list(range(MAILS))
    count = "SELECT count(*), count(DISTINCT sha256) FROM inbound_mails"
    assert quiet_company.rows(count) == [(MAILS, MAILS)]
