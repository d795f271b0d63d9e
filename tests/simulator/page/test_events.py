"""The event object, field by field, as an add-on receives it."""

import base64

import pytest

from tests.simulator.page.add_on import Json, card, deployment_of, text, trigger_answer
from tests.simulator.page.installation import ZONE, Installation

AUTH = "https://www.googleapis.com/auth/"
MAIL = b"From: dana@northwind.example\r\nTo: robin@lumenworks.example\r\nSubject: Hi\r\n\r\nHi\r\n"


def event_of(installation: Installation, kind: str, **more: object) -> Json:
    installation.ask(kind, **more)
    return installation.add_on.received[-1].event


def opened(installation: Installation) -> Json:
    found = installation.message(raw=base64.urlsafe_b64encode(MAIL).decode(), labelIds=["INBOX"])
    return {"spot": "message", "messageId": found["id"], "threadId": found["threadId"]}


def test_the_homepage_has_no_message_and_no_form(installation: Installation) -> None:
    event = event_of(
        installation, "homepage", inputs=[{"name": "q", "kind": "string", "values": ["x"]}]
    )
    assert event["commonEventObject"] == {
        "hostApp": "GMAIL",
        "platform": "WEB",
        "userLocale": "en-GB",
        "timeZone": ZONE,
    }
    assert "gmail" not in event


def test_an_open_message_comes_with_its_ids_and_a_token_of_its_own(
    installation: Installation,
) -> None:
    context = opened(installation)
    gmail = event_of(installation, "message", context=context)["gmail"]
    assert gmail["messageId"] == f"msg-f:{int(context['messageId'], 16)}"
    assert gmail["threadId"] == f"thread-f:{int(context['threadId'], 16)}"
    assert gmail["accessToken"]


def test_both_tokens_of_an_event_read_the_open_message_through_gmail(
    installation: Installation,
) -> None:
    event = event_of(installation, "message", context=opened(installation))
    tokens, gmail = event["authorizationEventObject"], event["gmail"]
    path = f"/gmail/v1/users/me/messages/{gmail['messageId']}"
    bearer = {"Authorization": f"Bearer {tokens['userOAuthToken']}"}
    assert installation.fetch(path, bearer).status_code == 403
    both = {**bearer, "X-Goog-Gmail-Access-Token": gmail["accessToken"]}
    assert installation.fetch(path, both).json()["snippet"] == "Hi"


def test_a_click_keeps_the_message_and_brings_its_parameters_as_a_map(
    installation: Installation,
) -> None:
    event = event_of(
        installation,
        "action",
        url=installation.add_on.url("/log"),
        context=opened(installation),
        parameters=[{"key": "id", "value": "7"}, {"key": "nonce", "value": "n"}],
    )
    assert event["commonEventObject"]["parameters"] == {"id": "7", "nonce": "n"}
    assert event["gmail"]["messageId"].startswith("msg-f:")


def test_empty_parameters_and_inputs_are_absent(installation: Installation) -> None:
    inputs = [
        {"name": "note", "kind": "string", "values": [""]},
        {"name": "tick", "kind": "string", "values": []},
    ]
    common = event_of(
        installation, "action", url=installation.add_on.url("/log"), parameters=[], inputs=inputs
    )["commonEventObject"]
    assert "parameters" not in common
    assert "formInputs" not in common


def test_each_kind_of_input_has_its_own_shape(installation: Installation) -> None:
    inputs = [
        {"name": "note", "kind": "string", "values": ["text"]},
        {"name": "tags", "kind": "string", "values": ["a"]},
        {"name": "tags", "kind": "string", "values": ["b"]},
        {"name": "due", "kind": "date", "values": ["2023-01-01"]},
        {"name": "when", "kind": "datetime", "values": ["2023-01-01T13:00:00+01:00"]},
        {"name": "at", "kind": "time", "values": ["09:30"]},
        {"name": "sharp", "kind": "time", "values": ["09:00"]},
    ]
    event = event_of(installation, "action", url=installation.add_on.url("/log"), inputs=inputs)
    assert event["commonEventObject"]["formInputs"] == {
        "note": {"stringInputs": {"value": ["text"]}},
        "tags": {"stringInputs": {"value": ["a", "b"]}},
        "due": {"dateInput": {"msSinceEpoch": "1672531200000"}},
        "when": {
            "dateTimeInput": {"hasDate": True, "hasTime": True, "msSinceEpoch": "1672574400000"}
        },
        "at": {"timeInput": {"hours": 9, "minutes": 30}},
        "sharp": {"timeInput": {"hours": 9}},
    }


def test_compose_tells_the_recipients_that_there_are(installation: Installation) -> None:
    context = {
        "spot": "compose",
        "to": ["dana@northwind.example"],
        "cc": [],
        "bcc": ["a@b.example"],
    }
    assert event_of(installation, "compose", context=context)["gmail"] == {
        "toRecipients": ["dana@northwind.example"],
        "bccRecipients": ["a@b.example"],
    }


def test_compose_tells_no_recipients_without_the_scope(installation: Installation) -> None:
    context = {"spot": "compose", "to": ["dana@northwind.example"]}
    scopes = [f"{AUTH}gmail.addons.execute", f"{AUTH}gmail.addons.current.action.compose"]
    assert "gmail" not in event_of(installation, "compose", context=context, scopes=scopes)


def test_compose_tells_no_recipients_without_draft_access(installation: Installation) -> None:
    trigger = {"actions": [{"label": "Tools", "runFunction": installation.add_on.url("/compose")}]}
    installation.install(deployment_of(installation.add_on, composeTrigger=trigger))
    context = {"spot": "compose", "to": ["dana@northwind.example"]}
    assert "gmail" not in event_of(installation, "compose", context=context)


def test_the_locale_needs_its_scope(installation: Installation) -> None:
    common = event_of(installation, "homepage", scopes=[f"{AUTH}userinfo.email"])[
        "commonEventObject"
    ]
    assert "userLocale" not in common
    assert "timeZone" not in common


def test_only_scopes_of_the_deployment_are_ever_granted(installation: Installation) -> None:
    scopes = [f"{AUTH}gmail.modify", f"{AUTH}userinfo.email"]
    event = event_of(installation, "homepage", scopes=scopes)
    assert event["authorizationEventObject"]["authorizedScopes"] == [f"{AUTH}userinfo.email"]


def test_without_the_email_scope_nobody_is_named(installation: Installation) -> None:
    tokens = event_of(installation, "homepage", scopes=[])["authorizationEventObject"]
    assert "userIdToken" not in tokens
    assert tokens["authorizedScopes"] == []


@pytest.mark.parametrize("platform", ["WEB", "ANDROID", "IOS"])
def test_the_device_is_told(installation: Installation, platform: str) -> None:
    installation.add_on.answers["/message"] = trigger_answer(card(text("Hi")))
    event = event_of(installation, "message", platform=platform, context=opened(installation))
    assert event["commonEventObject"]["platform"] == platform


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        pytest.param([], "must be a JSON object", id="a request that is no object"),
        pytest.param({"kind": "chat"}, "cannot be understood", id="an unknown kind"),
        pytest.param({"kind": "action"}, "needs the address", id="a click without an address"),
        pytest.param(
            {"kind": "homepage", "person": "no@body.example"}, "Nobody here", id="a stranger"
        ),
        pytest.param(
            {
                "kind": "action",
                "url": "http://127.0.0.1:1/",
                "parameters": [{"key": "a", "value": True}],
            },
            "must be texts",
            id="a parameter that is no text",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    installation: Installation, body: object, sentence: str
) -> None:
    answer = installation.post(body)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert installation.add_on.received == []
