"""The check itself: broken answers are seen, each way of being broken; whole ones pass."""

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.simulator.discovery_check import Exchange, gmail
from tests.simulator.google import KIM, Google, full, mail, send
from tests.simulator.recording import unpacked

GMAIL = gmail()
MESSAGE: dict[str, Any] = {
    "id": "18c2f0a4b5d6e7f8",
    "threadId": "18c2f0a4b5d6e7f8",
    "labelIds": ["INBOX"],
    "historyId": "1000012",
    "internalDate": "1795315501868",
    "sizeEstimate": 2451,
    "payload": {
        "partId": "",
        "headers": [{"name": "To", "value": "a@b.example"}],
        "body": {"size": 6, "data": "cGxhaW4K"},
        "parts": [{"partId": "0", "body": {"size": 0}}],
    },
}


def broken(path: str, value: object) -> dict[str, Any]:
    """The message with one member replaced; `path` by dots."""
    message = deepcopy(MESSAGE)
    *way, last = path.split(".")
    place: Any = message
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return message


def exchange(**changes: Any) -> Exchange:
    usual: dict[str, Any] = {
        "verb": "GET",
        "path": "/gmail/v1/users/me/messages/18c2f0a4b5d6e7f8",
        "query": {"format": ["full"]},
        "status": 200,
        "response_body": json.dumps(MESSAGE).encode(),
    }
    return Exchange(**{**usual, **changes})


def test_a_whole_answer_passes() -> None:
    assert GMAIL.check(exchange()) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("historyID", "7", id="a member Google does not have"),
        pytest.param("historyId", 1000012, id="a uint64 as a JSON number"),
        pytest.param("historyId", str(2**70), id="a uint64 out of range"),
        pytest.param("historyId", "-1", id="a negative uint64"),
        pytest.param("internalDate", "yesterday", id="an int64 that is no number"),
        pytest.param("sizeEstimate", "2451", id="an int32 as text"),
        pytest.param("sizeEstimate", True, id="a boolean where a number belongs"),
        pytest.param("sizeEstimate", 2**31, id="an int32 out of range"),
        pytest.param("labelIds", "INBOX", id="text where an array belongs"),
        pytest.param("labelIds", [7], id="a number in an array of text"),
        pytest.param("labelIds", [], id="an empty array, which Google leaves out"),
        pytest.param("payload", [], id="an array where an object belongs"),
        pytest.param("payload.body.data", "a+b/", id="base64 of the other alphabet"),
        pytest.param("payload.body.data", "x", id="base64 that does not decode"),
        pytest.param("payload.headers.0.values", "x", id="an unknown member in an array"),
        pytest.param("payload.parts.0.body.sizes", 1, id="an unknown member in a nested part"),
    ],
)
def test_a_broken_member_is_seen_with_its_place(path: str, value: object) -> None:
    found = GMAIL.check(exchange(response_body=json.dumps(broken(path, value)).encode()))
    assert len(found) == 1
    assert path.rsplit(".", maxsplit=1)[-1].removesuffix("s") in found[0]


def test_every_fault_of_an_answer_is_named() -> None:
    message = broken("historyId", 1) | {"colour": "red"}
    assert len(GMAIL.check_value("Message", message)) == 2


def test_a_member_that_is_always_there_is_missed() -> None:
    message = {name: value for name, value in MESSAGE.items() if name != "threadId"}
    assert GMAIL.check_value("Message", message) == ["$.threadId is missing"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"path": "/gmail/v1/users/me/mails/1"}, id="a path Google has not"),
        pytest.param({"verb": "PUT"}, id="a verb Google has not"),
        pytest.param({"query": {"shape": ["full"]}}, id="an unknown parameter"),
        pytest.param({"query": {"format": ["whole"]}}, id="a value outside the enum"),
        pytest.param({"query": {"format": ["full", "raw"]}}, id="a single parameter given twice"),
        pytest.param({"query": {"prettyPrint": ["yes"]}}, id="a boolean that is none"),
        pytest.param({"response_body": b"<html>"}, id="an answer that is no JSON"),
        pytest.param({"status": 404, "response_body": b"{}"}, id="an error of another shape"),
    ],
)
def test_a_broken_exchange_is_seen(changes: dict[str, Any]) -> None:
    assert GMAIL.check(exchange(**changes)) != []


def test_a_method_without_an_answer_must_stay_silent() -> None:
    found = GMAIL.check(exchange(verb="DELETE", query={}, response_body=b"{}"))
    assert len(found) == 1


def test_a_request_body_is_held_against_its_schema() -> None:
    found = GMAIL.check(
        exchange(
            verb="POST",
            path="/gmail/v1/users/me/messages/18c2/modify",
            query={},
            request_headers={"content-type": "application/json"},
            request_body=b'{"addLabels": ["INBOX"]}',
        )
    )
    (only,) = found
    assert only.endswith("request.addLabels is not in Google's schema ModifyMessageRequest")


def test_calls_inside_a_batch_are_checked_one_by_one() -> None:
    boundary = {"content-type": "multipart/mixed; boundary=b"}
    request = (
        b"--b\r\nContent-Type: application/http\r\nContent-ID: <x + 1>\r\n\r\n"
        b"GET /gmail/v1/users/me/profile HTTP/1.1\r\n\r\n\r\n--b--"
    )
    answer = (
        b"--b\r\nContent-Type: application/http\r\nContent-ID: <response-x + 1>\r\n\r\n"
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"historyId": 7}\r\n--b--'
    )
    batch = Exchange("POST", "/batch", {}, 200, request, answer, boundary, boundary)
    (inner,) = unpacked(batch)
    assert inner.path == "/gmail/v1/users/me/profile"
    assert any("historyId: 7 is no string" in one for one in GMAIL.check(inner))


def test_the_recorder_sees_what_passes(google: Google, running: Any) -> None:
    before = running.recorder.checked
    users = google.users()
    full(users, send(users, mail(KIM))["id"])
    assert running.recorder.checked == before + 2
    batch = google.service().new_batch_http_request()
    for _ in range(3):
        batch.add(users.getProfile(userId="me"))
    batch.execute()
    assert running.recorder.checked == before + 5
