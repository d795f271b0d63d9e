"""Every call the product makes to a mailbox is opened by exactly what it asks for, and no more.

The simulator refuses a call whose method none of the token's scopes opens, by Google's own lists.
"""

import inspect
from collections.abc import Callable, Mapping

import pytest

from backend.domain.oauth.scopes import READ, SEND
from backend.errors import ScopeMissing
from backend.google.apis import Access
from backend.google.gmail import GmailMailbox
from backend.google.oauth import MAILBOX_SCOPES, Way
from backend.local.environment import SIMULATED_PUSH
from tests.google.test_client import access
from tests.support.company import DANA, ROBIN, Company, allow

MAIL = b"From: robin@lumenworks.example\r\nTo: dana@northwind.example\r\n\r\nHello"
READING: Mapping[str, Callable[[GmailMailbox, str], object]] = {
    "profile": lambda gmail, _: gmail.profile(),
    "list_ids": lambda gmail, _: gmail.list_ids(),
    "find": lambda gmail, _: gmail.find("a@mail.example"),
    "history": lambda gmail, _: gmail.history(gmail.profile().history_id),
    "fetch": lambda gmail, one: no_error(gmail.fetch([one])),
    "labels_of": lambda gmail, one: no_error(gmail.labels_of([one])),
    "message_ids": lambda gmail, one: gmail.message_ids([one]),
    "headers_of": lambda gmail, one: gmail.headers_of([one], ["Subject"]),
    "labels": lambda gmail, _: gmail.labels(),
    "headers": lambda gmail, one: gmail.headers(one, ["Subject"]),
    "watch": lambda gmail, _: gmail.watch(SIMULATED_PUSH["RAPPORT_PUSH_TOPIC"]),
    "stop": lambda gmail, _: gmail.stop(),
    "send_as": lambda gmail, _: gmail.send_as(),
}


def no_error(answers: Mapping[str, object]) -> None:
    for answer in answers.values():
        if isinstance(answer, Exception):
            raise answer


def mailbox_with(company: Company, *scopes: str) -> Access:
    """A mailbox whose owner allowed these only."""
    way = Way("connect", tuple(one for one in MAILBOX_SCOPES if one in scopes), "/mailbox/callback")
    consent = company.deps.google.oauth.consent(way, state="s", nonce="n", login_hint=ROBIN)
    code = allow(consent.url, ROBIN)["code"]
    grant = company.deps.google.oauth.exchange(code, way, verifier=consent.verifier, nonce="n")
    return Access(access(company).mailbox_id, str(grant.refresh_token))


def test_what_is_asked_opens_every_call_and_nothing_more_is_asked(quiet_company: Company) -> None:
    company = quiet_company
    public = inspect.getmembers(GmailMailbox, inspect.isfunction)
    assert {name for name, _ in public if not name.startswith("_")} == READING.keys()
    opened = access(company)
    one = company.receives(**{"from": DANA})
    gmail = company.deps.google.mailbox(opened, lambda _: None)
    for call in READING.values():
        call(gmail, one)
    assert company.deps.google.send(opened, MAIL, thread_id=None).gmail_id
    asked = [scope for scope in MAILBOX_SCOPES if "gmail" in scope]
    assert asked == [READ, SEND]


IDENTITY = MAILBOX_SCOPES[:3]


def test_without_reading_nothing_is_read(quiet_company: Company) -> None:
    company = quiet_company
    one = company.receives(**{"from": DANA})
    gmail = company.deps.google.mailbox(mailbox_with(company, *IDENTITY, SEND), lambda _: None)
    for call in READING.values():
        with pytest.raises(ScopeMissing):
            call(gmail, one)


def test_without_sending_nothing_is_sent(quiet_company: Company) -> None:
    opened = mailbox_with(quiet_company, *IDENTITY, READ)
    with pytest.raises(ScopeMissing):
        quiet_company.deps.google.send(opened, MAIL, thread_id=None)
