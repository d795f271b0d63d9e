"""Push deliveries: who is believed, and what an answer makes Google do."""

import base64
import json

import pytest
import requests
from werkzeug.test import TestResponse

from backend.limits.visits import ALLOWED, Visit
from tests.hooks.conftest import Hooks, served
from tests.support.company import DANA, ROBIN, Company
from tests.support.processes import eventually


def body(email: object = ROBIN, history_id: object = 1_000_500) -> dict[str, object]:
    data = json.dumps({"emailAddress": email, "historyId": history_id}).encode()
    return {"message": {"data": base64.b64encode(data).decode()}, "subscription": "x"}


def hint(hooks: Hooks) -> object:
    return hooks.company.value("SELECT hint FROM mailboxes")


@pytest.mark.contract("V-1")
@pytest.mark.contract("V-14")
def test_a_mail_is_there_seconds_after_gmail_pushed(hooks: Hooks) -> None:
    company = hooks.company
    hooks.aim()
    gmail_id = company.receives(**{"from": DANA})

    def arrived() -> bool:
        company.work()
        decided = company.rows("SELECT outcome FROM decisions WHERE gmail_id = %s", gmail_id)
        return decided == [("kept",)]

    assert eventually(arrived, within=15)
    assert company.value("SELECT last_notification_at IS NOT NULL FROM mailboxes")


def test_only_our_own_deliveries_are_believed(hooks: Hooks) -> None:
    token = hooks.token()
    head, claims, signature = token.split(".")
    forged = f"{head}.{claims}.{signature[:-8]}AAAAAAAA"
    wrong = {
        "forged": forged,
        "no token": "",
        "no parts": "abc",
        "not base64": "a.b.c",
        "another audience": hooks.token(audience="https://elsewhere.example"),
    }
    for name, bad in wrong.items():
        answer = hooks.deliver(body(), bad)
        assert answer.status_code == 401, name
        assert "Traceback" not in answer.text, name
    assert hint(hooks) is None
    assert hooks.deliver(body(), token).status_code == 204
    assert hint(hooks) == 1_000_500


def test_an_expired_token_is_refused(hooks: Hooks) -> None:
    hooks.company.simulator.post("/simulator/clock", {"ahead_seconds": -7200})
    try:
        token = hooks.token()
    finally:
        hooks.company.simulator.post("/simulator/clock", {"ahead_seconds": 0})
    assert hooks.deliver(body(), token).status_code == 401
    assert hint(hooks) is None


def test_what_nobody_can_use_is_taken_all_the_same(hooks: Hooks) -> None:
    """Anything but a success would be delivered again for days."""
    token = hooks.token()
    useless = (
        b"",
        b"garbage \xff\x00",
        b"[]",
        b'{"message": {"data": "!!!"}}',
        b'{"message": null}',
        body(history_id="soon"),
        body(history_id=10**40),
        body(history_id=-1),
        body(email=["a"]),
        body(email="nul\x00@else.example"),
        body(email="nobody@else.example"),
    )
    for one in useless:
        assert hooks.deliver(one, token).status_code == 204, one
    assert hint(hooks) is None


def test_too_large_a_delivery_is_refused(hooks: Hooks) -> None:
    token = hooks.token()
    assert hooks.deliver(b"x" * 70_000, token).status_code == 401
    unannounced = requests.post(  # in chunks, without its length
        f"{hooks.root}/hooks/gmail-push",
        data=iter([b"x" * 35_000] * 2),
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert unannounced.status_code == 401


def test_while_the_database_is_away_google_is_asked_to_come_again(
    hooks_without_database: Hooks,
) -> None:
    hooks = hooks_without_database
    answer = hooks.deliver(body(), hooks.token())
    assert answer.status_code == 503
    assert "Traceback" not in answer.text


def test_an_address_that_guesses_is_not_listened_to_any_more(quiet_company: Company) -> None:
    app = served(quiet_company.deps, quiet_company)

    def knock(address: str) -> TestResponse:
        return app.test_client().post(
            "/hooks/gmail-push",
            headers={"Authorization": "Bearer a.b.c"},
            environ_base={"REMOTE_ADDR": address},
        )

    allowed = ALLOWED[Visit.REFUSED_HOOK].amount
    assert {knock("192.0.2.1").status_code for _ in range(allowed)} == {401}
    refused = knock("192.0.2.1")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "no valid token" in refused.get_json()["detail"]
    assert knock("192.0.2.2").status_code == 401
