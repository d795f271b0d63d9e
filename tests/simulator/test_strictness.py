"""Where a stand-in is most easily kinder than Google, and a product that leans on it would fail."""

import re
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.simulator.google import GMAIL, KIM, ROBIN, Google, body, mail, send

ME = "/gmail/v1/users/me"


def call(google: Google, verb: str, path: str, **more: Any) -> requests.Response:
    """As the product calls where Google's client is not in between."""
    head = {"Authorization": f"Bearer {google.token()}"}
    return requests.request(verb, f"{google.root}{ME}{path}", headers=head, timeout=20, **more)


@pytest.mark.parametrize(
    ("verb", "path", "sent", "said"),
    [
        pytest.param(
            "POST",
            "/messages/send",
            {"raw": "YQ==", "threadID": "18c2"},
            'Unknown name "threadID": Cannot find field.',
            id="a misspelt member",
        ),
        pytest.param(
            "POST",
            "/drafts",
            {"message": {"raw": "YQ==", "subject": "Hello"}},
            "Unknown name \"subject\" at 'message': Cannot find field.",
            id="a member that stands deeper",
        ),
        pytest.param(
            "POST",
            "/stop",
            {"topicName": "x"},
            'Unknown name "topicName": Cannot find field.',
            id="a body where none is taken",
        ),
        pytest.param(
            "GET",
            "/messages?labelId=INBOX",
            None,
            "Unknown name \"labelId\": Cannot bind query parameter. Field 'labelId' could not be",
            id="a misspelt parameter",
        ),
    ],
)
def test_a_name_that_google_does_not_know_is_refused(
    google: Google, verb: str, path: str, sent: object, said: str
) -> None:
    answer = call(google, verb, path, json=sent)
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert answer.json()["error"]["details"][0]["fieldViolations"]


def test_parameters_that_every_method_takes_are_let_through(google: Google) -> None:
    path = "/profile?alt=json&prettyPrint=false&quotaUser=robin&fields=emailAddress"
    assert call(google, "GET", path).json() == {"emailAddress": ROBIN}


@pytest.fixture
def at_real_rates(google: Google) -> Google:
    """With Google's limits in force; a send costs too little to meet the one on units."""
    google.post("/simulator/quota", {"mode": "real", "multiplier": 0.001})
    return google


def already_sent(running: Any, count: int, *, ago: timedelta) -> None:
    world = running.app.extensions["world"]
    at = int((world.clock.now() - ago).timestamp() * 1000)
    with world.store.write() as db:
        db.executemany(
            "INSERT INTO accepted_send (send_id, mailbox, message, rfc_id, recipients, sent_at)"
            " VALUES ('', ?, 1, '', '[]', ?)",
            [(ROBIN, at)] * count,
        )


def test_an_account_sends_2000_mails_in_24_hours_and_no_more(
    at_real_rates: Google, running: Any
) -> None:
    already_sent(running, 500, ago=timedelta(hours=25))
    already_sent(running, 1999, ago=timedelta(hours=23))
    send(at_real_rates.users(), mail(KIM))
    refused = call(at_real_rates, "POST", "/messages/send", json=body(mail(KIM)))
    assert refused.status_code == 429
    said = refused.json()["error"]["message"]
    assert re.fullmatch(r"User-rate limit exceeded\.  Retry after \S+Z \(Mail sending\)", said)
    assert call(at_real_rates, "GET", "/profile").ok
    at_real_rates.post("/simulator/clock", {"ahead_seconds": 3700})
    send(at_real_rates.users(), mail(KIM))


def test_a_single_permission_is_asked_for_without_a_box(google: Google) -> None:
    page = consent(google, f"openid {GMAIL}readonly")
    assert 'type="checkbox"' not in page
    assert f'<input type="hidden" name="granted" value="{GMAIL}readonly"' in page


def test_several_permissions_are_each_asked_for(google: Google) -> None:
    page = consent(google, f"openid {GMAIL}readonly {GMAIL}send")
    assert page.count('type="checkbox"') == 2


def consent(google: Google, scope: str) -> str:
    query = {
        "client_id": "rapport-local.apps.googleusercontent.com",
        "redirect_uri": "http://127.0.0.1:1/back",
        "response_type": "code",
        "scope": scope,
        "login_hint": ROBIN,
        "prompt": "consent",
    }
    return requests.get(f"{google.root}/o/oauth2/v2/auth", params=query, timeout=20).text
