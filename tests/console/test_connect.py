"""The window that the side panel opens to have Gmail connected: Gmail must be able to see it close.

Google's rule: no page of that window, redirects included, sends an isolating opener policy.
"""

import re

import pytest
from werkzeug.test import TestResponse

from backend.console.assets import STATIC
from tests.console.conftest import Visitor, at, visitor, words
from tests.support.company import ANA, ROBIN, Company, allow
from tests.support.decisions import turn_gmail_off


def seen(answer: TestResponse) -> TestResponse:
    """The answer, which its opener can see."""
    assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    return answer


def isolated(answer: TestResponse) -> bool:
    return answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def on(visitor: Visitor, answer: TestResponse) -> TestResponse:
    """Where a redirect leads."""
    return seen(visitor.get(answer.headers["Location"]))


def test_from_the_card_to_connected_gmail_can_see_every_page_of_the_window(
    quiet_company: Company,
) -> None:
    somebody = visitor(quiet_company)
    sign_in = on(somebody, seen(somebody.get("/connect")))
    link = re.search(r'href="(/signin/google[^"]+)"', sign_in.get_data(as_text=True))
    assert link is not None
    to_google = seen(somebody.get(link.group(1)))
    back = allow(to_google.headers["Location"], ROBIN)
    signed_in = seen(somebody.client.get("/signin/callback", query_string=back))
    assert signed_in.headers["Location"] == "/connect"
    before = on(somebody, signed_in)
    assert "Continue to Google" in words(before)
    to_consent = seen(somebody.get("/connect/google"))
    question = seen(somebody.back_from_google(to_consent, ROBIN))
    assert ROBIN in words(on(somebody, question))
    connected = seen(somebody.post(at(question), display_name="Robin Vale"))
    done = on(somebody, connected)
    assert "Gmail is connected. You can close this window." in words(done)
    assert "/static/close.js" in done.get_data(as_text=True)
    assert (STATIC / "close.js").read_text().endswith("window.close();\n")


def test_the_last_page_leaves_no_toast_for_later(quiet_company: Company, robin: Visitor) -> None:
    question = robin.back_from_google(robin.get("/connect/google"), ROBIN)
    assert at(robin.post(at(question), display_name="Robin Vale")) == "/connect/done"
    assert "Gmail is connected" not in words(robin.get("/why"))


def test_the_wrong_mailbox_is_refused_in_the_same_window(
    quiet_company: Company, robin: Visitor
) -> None:
    question = robin.back_from_google(robin.get("/connect/google"), ANA)
    assert f"You set out to connect {ROBIN}" in words(on(robin, question))
    refusal = at(question).replace("confirmation", "confirmation/refusal")
    answer = seen(robin.post(refusal))
    assert answer.status_code == 409
    assert "Nothing was connected" in words(answer)
    assert 'href="/connect"' in answer.get_data(as_text=True)
    assert quiet_company.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


@pytest.mark.contract("K-10")
def test_not_pressing_allow_is_explained_in_the_same_window(
    quiet_company: Company, robin: Visitor
) -> None:
    answer = seen(robin.back_from_google(robin.get("/connect/google"), ROBIN, cancel=True))
    assert answer.status_code == 409
    assert "did not press Allow" in words(answer)
    assert 'href="/connect"' in answer.get_data(as_text=True)
    assert quiet_company.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


def test_a_stranger_to_the_workspace_is_told_in_the_same_window(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    begun = somebody.get("/signin/google?next=/connect")
    back = allow(begun.headers["Location"], "noor@elsewhere.example")
    answer = seen(somebody.client.get("/signin/callback", query_string=back))
    assert answer.status_code == 403
    assert "/signin/google?next=/connect" in answer.get_data(as_text=True)


@pytest.mark.contract("V-27")
def test_before_gmail_is_switched_on_the_window_says_who_does_it(
    quiet_company: Company, robin: Visitor
) -> None:
    turn_gmail_off(quiet_company)
    answer = seen(robin.get("/connect"))
    assert answer.status_code == 409
    assert "An admin turns it on" in words(answer)


def test_the_last_page_does_not_claim_what_is_not_so(robin: Visitor) -> None:
    answer = seen(robin.get("/connect/done"))
    assert answer.headers["Location"] == "/connect"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/signin",
        "/signin?next=/connections",
        "/signin/google",
        "/signin/google?next=/accounts",
        "/signin/callback?state=made-up",
        "/mailbox/callback?state=made-up",
        "/mailbox/confirmation?state=made-up",
        "/settings/email?next=/connect",
    ],
)
def test_every_other_page_stays_isolated(quiet_company: Company, path: str) -> None:
    assert isolated(visitor(quiet_company).get(path))


def test_connecting_from_the_settings_stays_isolated(robin: Visitor) -> None:
    question = robin.back_from_google(robin.post("/mailbox/connection"), ROBIN)
    assert isolated(question)
    assert isolated(robin.get(at(question)))
    answer = robin.post(at(question), display_name="Robin Vale")
    assert isolated(answer)
    assert at(answer) == "/settings/email"
