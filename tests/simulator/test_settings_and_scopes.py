"""Settings, and which token opens what, the add-on's own tokens included."""

from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from backend.simulator.world import World
from tests.simulator.google import GMAIL, KIM, ROBIN, Google, body, full, mail, newest, send

ADDON = f"{GMAIL}addons.current."
MESSAGE_TOKEN = "X-Goog-Gmail-Access-Token"


@pytest.fixture
def world(running: Any) -> World:
    found: World = running.app.extensions["world"]
    return found


def users_with(google: Google, world: World, *scopes: str) -> Any:
    token = world.mint_access_token(ROBIN, [f"{GMAIL}{one}" for one in scopes], "client")
    return google.users(token=token)


def test_send_as_lists_the_primary_address_first(company: Google) -> None:
    users = company.users()
    listed = users.settings().sendAs().list(userId="me").execute()["sendAs"]
    assert listed[0]["sendAsEmail"] == ROBIN
    assert listed[0]["isPrimary"] is True
    assert "Robin Vale" in listed[0]["signature"]
    assert {one.get("verificationStatus") for one in listed[1:]} == {"accepted", "pending"}
    alias = users.settings().sendAs().get(userId="me", sendAsEmail="sales@lumenworks.example")
    assert alias.execute()["displayName"] == "Lumen Works Sales"


def test_a_signature_can_be_changed(google: Google, world: World) -> None:
    users = users_with(google, world, "settings.basic")
    send_as = users.settings().sendAs()
    send_as.patch(userId="me", sendAsEmail=ROBIN, body={"signature": "<b>R</b>"}).execute()
    (primary,) = send_as.list(userId="me").execute()["sendAs"]
    assert primary["signature"] == "<b>R</b>"


def test_nobody_is_away_at_first(google: Google) -> None:
    vacation = google.users().settings().getVacation(userId="me").execute()
    assert vacation == {"enableAutoReply": False}


@pytest.mark.parametrize(
    ("scope", "may_read", "may_send", "may_change"),
    [
        ("readonly", True, False, False),
        ("send", False, True, False),
        ("modify", True, True, True),
        ("labels", False, False, False),
    ],
)
def test_a_scope_opens_its_methods_only(
    google: Google, world: World, scope: str, *, may_read: bool, may_send: bool, may_change: bool
) -> None:
    ident = send(google.users(), mail(KIM))["id"]
    users = users_with(google, world, scope)
    calls = (
        users.messages().get(userId="me", id=ident),
        users.messages().send(userId="me", body=body(mail(KIM))),
        users.messages().modify(userId="me", id=ident, body={"addLabelIds": ["STARRED"]}),
    )
    assert [opens(call) for call in calls] == [may_read, may_send, may_change]


def opens(call: Any) -> bool:
    try:
        call.execute()
    except HttpError as error:
        if error.status_code != 403:
            raise
        return False
    return True


def test_the_metadata_scope_sees_no_body_and_no_search(google: Google, world: World) -> None:
    ident = send(google.users(), mail(KIM))["id"]
    users = users_with(google, world, "metadata")
    messages = users.messages()
    assert opens(messages.get(userId="me", id=ident, format="metadata"))
    assert not opens(messages.get(userId="me", id=ident, format="full"))
    assert opens(messages.list(userId="me"))
    assert not opens(messages.list(userId="me", q="x"))


@pytest.mark.parametrize(
    ("message_token", "status"),
    [("own", 200), ("thread", 200), ("other", 403), ("none", 403), ("foreign", 403)],
)
def test_the_add_on_reads_the_open_message_with_its_token_only(
    google: Google, world: World, message_token: str, status: int
) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    other = send(users, mail(KIM))["id"]
    kims = newest(google.users(KIM))["id"]
    scopes = [f"{ADDON}message.readonly"]
    bound = {"own": (ROBIN, ident), "thread": (ROBIN, ident), "other": (ROBIN, other)}
    email, message = bound.get(message_token, (KIM, kims))
    own = world.mint_message_token(email, int(message, 16), "client", scopes=scopes)
    headers = {"Authorization": f"Bearer {world.mint_access_token(ROBIN, scopes, 'client')}"}
    if message_token != "none":
        headers[MESSAGE_TOKEN] = own
    kind = "threads" if message_token == "thread" else "messages"
    url = f"{google.root}/gmail/v1/users/me/{kind}/{ident}"
    assert requests.get(url, headers=headers, timeout=5).status_code == status


def test_the_add_on_may_make_a_draft(google: Google, world: World) -> None:
    scopes = [f"{ADDON}action.compose"]
    ident = send(google.users(), mail(KIM))["id"]
    headers = {
        "Authorization": f"Bearer {world.mint_access_token(ROBIN, scopes, 'client')}",
        MESSAGE_TOKEN: world.mint_message_token(ROBIN, int(ident, 16), "client", scopes=scopes),
    }
    url = f"{google.root}/gmail/v1/users/me/drafts"
    made = requests.post(url, json={"message": body(mail(KIM))}, headers=headers, timeout=5)
    assert made.status_code == 200
    assert full(google.users(), made.json()["message"]["id"])["labelIds"] == ["DRAFT"]
