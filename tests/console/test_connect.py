"""The window that the side panel opens to have Gmail connected: Gmail must be able to see it close.

Google's rule: no page of that window, redirects included, sends an isolating opener policy.
"""

import re

import pytest
from werkzeug.test import TestResponse

from backend.console.assets import STATIC
from tests.console.conftest import Visitor, visitor, words
from tests.support.office import ROBIN, Office, allow


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
    quiet_office: Office,
) -> None:
    somebody = visitor(quiet_office)
    sign_in = on(somebody, seen(somebody.get("/connect")))
    link = re.search(r'href="(/signin/google[^"]+)"', sign_in.get_data(as_text=True))
    assert link is not None
    to_google = seen(somebody.get(link.group(1)))
    back = allow(to_google.headers["Location"], ROBIN)
    signed_in = seen(somebody.client.get("/signin/callback", query_string=back))
    assert signed_in.headers["Location"] == "/connect"
    to_consent = on(somebody, signed_in)
    back = allow(to_consent.headers["Location"], ROBIN)
    connected = seen(somebody.client.get("/mailbox/callback", query_string=back))
    done = on(somebody, connected)
    assert "Gmail is connected. You can close this window." in words(done)
    assert "/static/close.js" in done.get_data(as_text=True)
    assert (STATIC / "close.js").read_text().endswith("window.close();\n")


def test_the_last_page_leaves_no_toast_for_later(quiet_office: Office, robin: Visitor) -> None:
    back = allow(robin.get("/connect").headers["Location"], ROBIN)
    robin.client.get("/mailbox/callback", query_string=back)
    assert "Gmail is connected" not in words(robin.get("/why"))


@pytest.mark.contract("K-10")
def test_not_pressing_allow_is_explained_in_the_same_window(
    quiet_office: Office, robin: Visitor
) -> None:
    back = allow(robin.get("/connect").headers["Location"], ROBIN, cancel=True)
    answer = seen(robin.client.get("/mailbox/callback", query_string=back))
    assert answer.status_code == 409
    assert "did not press Allow" in words(answer)
    assert 'href="/connect"' in answer.get_data(as_text=True)
    assert quiet_office.rows("SELECT id FROM mailboxes WHERE sealed_token IS NOT NULL") == []


def test_a_stranger_to_the_workspace_is_told_in_the_same_window(quiet_office: Office) -> None:
    somebody = visitor(quiet_office)
    begun = somebody.get("/signin/google?next=/connect")
    back = allow(begun.headers["Location"], "noor@elsewhere.example")
    answer = seen(somebody.client.get("/signin/callback", query_string=back))
    assert answer.status_code == 403
    assert "/signin/google?next=/connect" in answer.get_data(as_text=True)


@pytest.mark.contract("V-27")
def test_before_gmail_is_switched_on_the_window_says_who_does_it(
    quiet_office: Office, robin: Visitor
) -> None:
    quiet_office.run("UPDATE workspaces SET gmail_enabled_at = NULL")
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
        "/settings/email?next=/connect",
    ],
)
def test_every_other_page_stays_isolated(quiet_office: Office, path: str) -> None:
    assert isolated(visitor(quiet_office).get(path))


def test_connecting_from_the_settings_stays_isolated(robin: Visitor) -> None:
    back = allow(robin.post("/mailbox/connection").headers["Location"], ROBIN)
    answer = robin.client.get("/mailbox/callback", query_string=back)
    assert isolated(answer)
    assert answer.headers["Location"] == "/settings/email"
