"""Google's event object: every trap of its description, read into one frozen value."""

import json
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from addon.event import AddonEvent, UnreadableEvent, parse_event


def parsed(**event: Any) -> AddonEvent:
    return parse_event(orjson.dumps(event))


def common(**fields: Any) -> AddonEvent:
    return parsed(commonEventObject=fields)


def test_a_whole_event() -> None:
    event = parsed(
        commonEventObject={
            "hostApp": "GMAIL",
            "platform": "IOS",
            "userLocale": "en-US",
            "timeZone": {"id": "Europe/Paris", "offset": 3600000},
            "parameters": {"id": "7", "flag": True},
            "formInputs": {
                "note": {"stringInputs": {"value": [" te\x00xt "]}},
                "tags": {"stringInputs": {"value": ["a", "b"]}},
            },
        },
        authorizationEventObject={
            "userOAuthToken": "ya29.user",
            "userIdToken": "id",
            "systemIdToken": "system",
            "authorizedScopes": ["one", "two"],
        },
        gmail={"messageId": "msg-f:1", "threadId": "thread-f:2", "accessToken": "message"},
    )
    assert (event.gmail_id, event.thread_id) == ("msg-f:1", "thread-f:2")
    assert (event.user_token, event.user_id_token, event.message_token) == (
        "ya29.user",
        "id",
        "message",
    )
    assert event.scopes == {"one", "two"}
    assert event.parameters == {"id": "7"}
    assert (event.text("note"), event.inputs["tags"]) == ("text", ("a", "b"))
    assert (event.zone, event.locale, event.platform) == (ZoneInfo("Europe/Paris"), "en-US", "IOS")


def test_tokens_are_not_shown_with_the_event() -> None:
    event = parsed(
        authorizationEventObject={"userOAuthToken": "ya29.secret", "userIdToken": "secret.id"},
        gmail={"accessToken": "secret-message"},
    )
    assert "secret" not in repr(event)


def test_the_other_spelling_of_the_users_token() -> None:
    assert parsed(authorizationEventObject={"userOauthToken": "ya29"}).user_token == "ya29"


def test_what_is_absent_is_empty() -> None:
    event = parsed()
    assert (event.gmail_id, event.text("note"), event.ticked("log"), event.zone) == (
        *("", "", False),
        None,
    )
    assert event.scopes == frozenset()


@pytest.mark.parametrize("offset", [-18000000, "-18000000"], ids=["as a number", "as a text"])
def test_a_zone_by_its_offset(offset: object) -> None:
    zone = common(timeZone={"id": "Not/AZone", "offset": offset}).zone
    assert zone == timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    "zone",
    [{}, {"id": "../../etc/passwd"}, {"id": 7}, {"offset": "x" * 9}, {"offset": 10**15}, "UTC"],
    ids=str,
)
def test_an_unreadable_zone_is_none_or_harmless(zone: object) -> None:
    found = common(timeZone=zone).zone
    assert found is None or found.utcoffset(None) == timedelta(0)


@pytest.mark.parametrize("epoch", [1672531200000, "1672531200000"], ids=["number", "text"])
@pytest.mark.parametrize("kind", ["dateInput", "dateTimeInput"])
def test_moments(kind: str, epoch: object) -> None:
    event = common(formInputs={"due": {kind: {"msSinceEpoch": epoch}}})
    assert event.moments == {"due": datetime(2023, 1, 1, tzinfo=UTC)}


def test_a_moment_beyond_all_calendars_is_absent() -> None:
    assert common(formInputs={"due": {"dateInput": {"msSinceEpoch": "9" * 30}}}).moments == {}


def test_zeros_that_protobuf_drops() -> None:
    at = {"on": {"timeInput": {"hours": 9}}, "midnight": {"timeInput": {}}}
    assert common(formInputs=at).times == {"on": time(9, 0), "midnight": time(0, 0)}


@pytest.mark.parametrize("token", ["\u0661\u0662", "a\r\nX-Other: b", "a\x00", "\ud800", "caf\xe9"])
def test_a_token_that_no_header_can_hold_is_absent(token: str) -> None:
    body = json.dumps({"authorizationEventObject": {"userOAuthToken": token}})
    try:
        assert parse_event(body.encode()).user_token == ""
    except UnreadableEvent:
        assert token == "\ud800"


def test_compose_recipients() -> None:
    event = parsed(gmail={"toRecipients": ["a@x.example"], "ccRecipients": "no list"})
    assert event.recipients == {"to": ("a@x.example",), "cc": (), "bcc": ()}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"1", b"[" * 5000, b'{"a":' * 3000],
    ids=["nothing", "half", "list", "null", "text", "bytes", "number", "deep list", "deep object"],
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        parse_event(body)


@pytest.mark.parametrize("value", [None, 7, "x", [], [1], {"a": 1}, True], ids=str)
@pytest.mark.parametrize(
    "name", ["commonEventObject", "authorizationEventObject", "gmail", "unheardOf"]
)
def test_wrong_types_are_taken_as_absent(name: str, value: object) -> None:
    event = parse_event(orjson.dumps({name: value}))
    assert event == AddonEvent(recipients={"to": (), "cc": (), "bcc": ()})


@pytest.mark.parametrize("value", [None, 7, "x", [], {"stringInputs": {"value": "x"}}], ids=str)
def test_wrong_types_of_inputs_are_taken_as_absent(value: object) -> None:
    assert common(formInputs={"note": value}).text("note") == ""
    assert common(formInputs=value).inputs == {}
