"""Exactly one POST, and what its answer means: left, surely not left, or not known."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from google.oauth2.credentials import Credentials

from backend.clock import utc_now
from backend.errors import MailboxDisconnected, ScopeMissing, SendRefused, SendUnknown
from backend.google import posting
from backend.google.posting import SentIds, post_message, read_answer
from backend.google.roots import Roots
from tests.support.company import ROBIN
from tests.support.simulator import CLIENT_ID, CLIENT_SECRET, Simulator

SEND = "gmail.users.messages.send"
MAIL = (
    b"To: dana@northwind.example\r\nSubject: Hi\r\nX-Rapport-Send-Id: once\r\n\r\nHello there.\r\n"
)


class GmailClient:
    """One mailbox at the simulator, and what it sent."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        session = simulator.post("/simulator/session", {"email": ROBIN}).json()
        self.credentials = Credentials(session["access_token"])

    def post(self, mime: bytes = MAIL, *, thread_id: str | None = None) -> SentIds:
        roots = Roots(self.simulator.root)
        return post_message(self.credentials, roots, mime, thread_id=thread_id, now=utc_now())

    def fault(self, kind: str, **more: object) -> None:
        self.simulator.post("/simulator/faults", {"kind": kind, "match": SEND, **more})

    def left(self) -> int:
        answer = requests.get(f"{self.simulator.root}/simulator/deliveries", timeout=9)
        return int(answer.json()["count"])


@pytest.fixture
def gmail_client(simulator: Simulator) -> GmailClient:
    return GmailClient(simulator)


def test_a_mail_leaves_by_one_post(gmail_client: GmailClient) -> None:
    ids = gmail_client.post()
    assert len(ids.gmail_id) == 16
    assert gmail_client.left() == 1


def test_a_mail_as_large_as_gmail_takes_leaves_too(gmail_client: GmailClient) -> None:
    gmail_client.post(MAIL + b"x" * 76 * 70_000)
    assert gmail_client.left() == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"code": 400}, "refused"),
        ({"code": 400, "message": "Invalid thread_id value"}, "thread"),
        ({"code": 400, "reason": "failedPrecondition"}, "passing"),
        ({"code": 403, "reason": "forbidden"}, "passing"),
        ({"code": 403, "html": True}, "passing"),
        ({"code": 404, "html": True}, "passing"),
        ({"code": 412}, "passing"),
        ({"code": 413, "html": True}, "too_large"),
        ({"code": 403, "reason": "userRateLimitExceeded"}, "rate"),
        ({"code": 404}, "thread"),
        ({"code": 413}, "too_large"),
        ({"code": 429}, "rate"),
    ],
    ids=str,
)
def test_a_refusal_is_definite(
    gmail_client: GmailClient, answer: dict[str, Any], code: str
) -> None:
    gmail_client.fault("status", params=answer)
    with pytest.raises(SendRefused) as refused:
        gmail_client.post()
    assert (refused.value.code, gmail_client.left()) == (code, 0)


def test_a_limit_that_names_its_end_is_understood(gmail_client: GmailClient) -> None:
    gmail_client.fault("retry_after", params={"seconds": 3600})
    with pytest.raises(SendRefused) as refused:
        gmail_client.post()
    assert refused.value.after is not None
    assert 3500 < (refused.value.after - utc_now()).total_seconds() <= 3600


def test_a_missing_permission_is_told_apart_from_other_refusals(gmail_client: GmailClient) -> None:
    gmail_client.fault("status", params={"code": 403, "reason": "insufficientPermissions"})
    with pytest.raises(ScopeMissing):
        gmail_client.post()


@pytest.mark.parametrize(
    ("kind", "copies"), [("drop_after_accept", 1), ("drop_before", 0), ("rst", 0)]
)
def test_a_cut_connection_is_doubt_and_never_a_second_post(
    gmail_client: GmailClient, kind: str, copies: int
) -> None:
    gmail_client.fault(kind)
    with pytest.raises(SendUnknown):
        gmail_client.post()
    assert gmail_client.left() == copies


@pytest.mark.parametrize("status", [500, 502, 503, 504, 511, 408, 409, 302, 204])
def test_answers_that_do_not_say_are_doubt(status: int) -> None:
    with pytest.raises(SendUnknown):
        read_answer(status, b"", utc_now())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"id": "1"}', b"null", b"<html>"])
def test_a_yes_that_cannot_be_read_is_doubt(content: bytes) -> None:
    with pytest.raises(SendUnknown):
        read_answer(200, content, utc_now())


def test_an_answer_that_does_not_come_is_doubt(
    gmail_client: GmailClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", (5, 0.2))
    gmail_client.fault("delay", params={"seconds": 1.0})
    with pytest.raises(SendUnknown):
        gmail_client.post()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that is taken and at which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_where_nobody_listens_nothing_can_have_left() -> None:
    with closed_port() as port:
        roots = Roots(f"http://127.0.0.1:{port}")
        with pytest.raises(SendRefused) as refused:
            post_message(Credentials("token"), roots, MAIL, thread_id=None, now=utc_now())
    assert refused.value.code == "unreachable"


def test_a_refused_renewal_after_401_means_that_nothing_left(gmail_client: GmailClient) -> None:
    gmail_client.credentials = Credentials(
        "outdated",
        refresh_token="revoked",
        token_uri=f"{gmail_client.simulator.root}/token",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
    )
    with pytest.raises(MailboxDisconnected):
        gmail_client.post()
    assert gmail_client.left() == 0


def test_a_token_endpoint_that_is_away_after_401_means_that_nothing_left(
    gmail_client: GmailClient,
) -> None:
    with closed_port() as port:
        gmail_client.credentials = Credentials(
            "outdated",
            refresh_token="good",
            token_uri=f"http://127.0.0.1:{port}/token",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )
        with pytest.raises(SendRefused) as refused:
            gmail_client.post()
    assert (refused.value.code, gmail_client.left()) == ("unreachable", 0)


def test_the_machines_proxy_and_certificates_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/own.pem")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    with requests.Session() as session:
        posting.settle_in(session, "https://gmail.example/send")
        assert session.proxies["https"] == "http://proxy.example:3128"
        assert session.verify == "/etc/own.pem"
        posting.settle_in(session, "https://inside.example/send")
        assert "https" not in session.proxies
