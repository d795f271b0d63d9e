"""Smart BCC as the simulator's people use it: from its Gmail and from another client, by LMTP."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from backend.local.ports import free_port
from backend.simulator.app import create_app
from backend.simulator.config import Config, QuotaMode, RelayTarget, Seed
from tests.console.conftest import Visitor, member
from tests.console.test_smart_bcc import fields
from tests.support.company import AUTHSERV_ID, CAPTURE_DOMAIN, DANA, ROBIN, Company
from tests.support.lmtp import lmtp_server
from tests.support.processes import eventually
from tests.support.serving import serving


@dataclass(frozen=True)
class People:
    """A simulator with a mail server in front of the product."""

    root: str
    port: int

    def write(self, **mail: Any) -> None:
        mail = {"from": f"Robin Vale <{ROBIN}>", "to": [DANA], "text": "Hi", **mail}
        requests.post(f"{self.root}/simulator/mail", json=mail, timeout=20).raise_for_status()

    def gmail(self, method: str, path: str, **how: Any) -> Any:
        session = {"email": ROBIN}
        token = requests.post(f"{self.root}/simulator/session", json=session, timeout=20).json()
        answer = requests.request(
            method,
            f"{self.root}/gmail/v1/users/me/{path}",
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=20,
            **how,
        )
        return answer.json()

    def all_taken(self) -> bool:
        state = requests.get(f"{self.root}/simulator/relay", timeout=20).json()
        return bool(state == {"waiting": 0})


@pytest.fixture
def people() -> Iterator[People]:
    port = free_port()
    relay = RelayTarget(CAPTURE_DOMAIN, f"127.0.0.1:{port}", AUTHSERV_ID)
    app = create_app(Config(quota=QuotaMode.OFF, seed=Seed.EMPTY, relay=relay))
    with serving(app) as root:
        person = {"email": ROBIN, "name": "Robin Vale", "role": "team"}
        requests.post(f"{root}/simulator/people", json=person, timeout=20).raise_for_status()
        yield People(root, port)
    app.extensions["world"].close()


def test_mail_copied_from_gmail_and_another_client_waits_for_the_product_and_is_logged(
    people: People, robin: Visitor, quiet_company: Company
) -> None:
    own = fields(member(quiet_company, ROBIN))["Your address"]
    people.write(subject="From a phone", bcc=[own])
    people.write(subject="Somebody else's words", bcc=[own], proven=False)
    raw = f"From: {ROBIN}\r\nTo: {DANA}\r\nBcc: {own}, log-gone@{CAPTURE_DOMAIN}\r\n"
    mail = f"{raw}Subject: From Gmail\r\n\r\nHi"
    people.gmail("POST", "messages/send", json={"raw": encoded(mail)})
    assert not people.all_taken()
    with lmtp_server(quiet_company.deps, people.port):
        assert eventually(people.all_taken)
    quiet_company.work()
    logged, waiting = robin.page("/conversations"), robin.page("/smart-bcc")
    assert "From a phone" in logged
    assert "From Gmail" in logged
    assert "Somebody else's words" not in logged
    assert "Somebody else's words" in waiting
    assert "1 email to your Smart BCC addresses waits" in robin.page("/")
    reports = people.gmail("GET", "messages", params={"labelIds": "INBOX"})["messages"]
    (report,) = [people.gmail("GET", f"messages/{one['id']}") for one in reports]
    assert "log-gone" in report["snippet"]


def encoded(mail: str) -> str:
    return urlsafe_b64encode(mail.encode()).decode()
