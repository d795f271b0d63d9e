"""Whatever arrives: a clear answer, nothing of a traceback, nothing half-written."""

import secrets
from typing import Any

import pytest
import requests

from tests.addon.panel import Panel
from tests.support.card_checks import findings
from tests.support.company import ROBIN, Company
from tests.support.faults import table_is_away
from tests.support.open_mail import contents, difference, mail_from_dana

LOG = "/addon/actions/log"
MESSAGE = "/addon/message"


@pytest.fixture
def event(panel: Panel, company: Company) -> dict[str, Any]:
    """A good event of a mail that was opened, with its tokens."""
    found: dict[str, Any] = panel.open(mail_from_dana(company)[ROBIN]).done["event"]
    return found


def bearer(event: dict[str, Any], name: str = "systemIdToken") -> str:
    return str(event["authorizationEventObject"][name])


def post(panel: Panel, path: str, body: Any, token: str) -> requests.Response:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = {"data": body} if isinstance(body, bytes) else {"json": body}
    return requests.post(f"{panel.url}{path}", headers=headers, timeout=30, **data)


def is_clean(answer: requests.Response) -> bool:
    text = answer.text
    return not any(word in text for word in ("Traceback", 'File "', "psycopg", "sqlalchemy"))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\x00\xff", b"[" * 4000], ids=repr)
@pytest.mark.parametrize(
    ("path", "kind"), [(MESSAGE, "trigger"), ("/addon/home", "trigger"), (LOG, "action")]
)
def test_a_garbage_body_is_a_problem_card_or_a_line(
    panel: Panel, event: dict[str, Any], path: str, kind: str, body: bytes
) -> None:
    answer = post(panel, path, body, bearer(event))
    assert answer.status_code == 200
    assert "not readable" in answer.text
    assert findings(kind, answer.json()) == []
    assert is_clean(answer)


def test_ten_megabytes_are_refused_by_their_size(
    panel: Panel, event: dict[str, Any], company: Company
) -> None:
    before = contents(company)
    answer = post(panel, LOG, b'{"x": "' + b"y" * 10_000_000 + b'"}', bearer(event))
    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "The request is larger than 256 KB."},
    )
    assert difference(before, contents(company)) == {}


def test_without_a_token_nobody_gets_in(panel: Panel, event: dict[str, Any]) -> None:
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
        answer = requests.post(f"{panel.url}{LOG}", json=event, headers=headers, timeout=30)
        assert answer.status_code == 401
        assert is_clean(answer)


def test_forged_tokens_are_refused(panel: Panel, event: dict[str, Any], company: Company) -> None:
    before = contents(company)
    head, payload, signature = bearer(event).split(".")
    forged = (
        f"{head}.{payload}.{secrets.token_urlsafe(256)}",
        f"{head}.{payload[:-2]}AA.{signature}",
        f"{head}.{payload}.",
        bearer(event, "userIdToken"),
        "a.b.c",
    )
    for token in forged:
        answer = post(panel, LOG, event, token)
        assert (answer.status_code, is_clean(answer)) == (401, True), token[:20]
    assert difference(before, contents(company)) == {}


def test_a_forged_person_is_refused(panel: Panel, event: dict[str, Any], company: Company) -> None:
    before = contents(company)
    for token in ("", "a.b.c", bearer(event)):
        event["authorizationEventObject"]["userIdToken"] = token
        answer = post(panel, LOG, event, bearer(event))
        assert (answer.status_code, is_clean(answer)) == (401, True)
    assert difference(before, contents(company)) == {}


@pytest.mark.parametrize("ahead", [-7200, 3600], ids=["expired", "not valid yet"])
def test_tokens_of_another_time_are_refused(panel: Panel, company: Company, ahead: int) -> None:
    company.simulator.post("/simulator/clock", {"ahead_seconds": ahead})
    try:
        done = panel.home().done
    finally:
        company.simulator.post("/simulator/clock", {"ahead_seconds": 0})
    assert done["status"] == 401


def test_a_token_for_another_installation_is_refused(
    panel: Panel, event: dict[str, Any], company: Company
) -> None:
    elsewhere = panel.url.replace("127.0.0.1", "localhost")
    done = panel.dispatch(ROBIN, {"kind": "action", "url": f"{elsewhere}/addon/actions/home"}).done
    assert done["status"] == 401


@pytest.mark.parametrize("gmail_id", ["", "..", "a/b", "x" * 500, "msg-f:²", "\u0000"], ids=repr)
def test_odd_message_ids_are_explained(panel: Panel, event: dict[str, Any], gmail_id: str) -> None:
    event["gmail"]["messageId"] = gmail_id
    answer = post(panel, MESSAGE, event, bearer(event))
    assert answer.status_code == 200
    assert findings("trigger", answer.json()) == []
    assert is_clean(answer)
    assert "Reference" not in answer.text


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"nonce": ""},
        {"nonce": "x'; DROP TABLE clicks"},
        {"nonce": "k" * 500},
        {"nonce": "good-nonce:log", "message": "18aaaaaaaaaaaaaa"},
    ],
    ids=str,
)
def test_a_click_that_no_card_of_ours_drew_writes_nothing(
    panel: Panel, event: dict[str, Any], company: Company, parameters: dict[str, str]
) -> None:
    before = contents(company)
    event["commonEventObject"]["parameters"] = parameters
    answer = post(panel, LOG, event, bearer(event))
    assert answer.status_code == 200
    assert answer.json()["renderActions"]["action"]["notification"]["text"]
    assert difference(before, contents(company)) == {}


def test_a_fault_of_ours_names_a_reference_and_nothing_else(
    panel: Panel, event: dict[str, Any], company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    event["commonEventObject"]["parameters"] = {"nonce": "drawn-0001:log"}
    with table_is_away(company, "clicks"):
        answer = post(panel, LOG, event, bearer(event))
    assert answer.status_code == 200
    assert "Reference" in answer.text
    assert is_clean(answer)
    logged = capsys.readouterr().out
    assert "addon.unexpected" in logged
    for secret in ("Renewal", "dana@", bearer(event), "ya29."):
        assert secret not in logged


def test_no_cookie_is_set_and_only_posts_are_answered(panel: Panel, event: dict[str, Any]) -> None:
    answer = post(panel, MESSAGE, event, bearer(event))
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Type"] == "application/json"
    assert requests.get(f"{panel.url}{MESSAGE}", timeout=30).status_code == 405
