"""Reading and changing single messages, by the rules of gmail-sync.md §1.1."""

import base64
from datetime import UTC, datetime

import pytest
from googleapiclient.errors import HttpError

from backend.clock import utc_now
from tests.simulator.google import (
    DANA,
    KIM,
    ROBIN,
    Google,
    body,
    full,
    headers_of,
    mail,
    newest,
    send,
)


def test_profile_names_the_mailbox_and_its_cursor(google: Google) -> None:
    profile = google.users().getProfile(userId="me").execute()
    assert profile["emailAddress"] == ROBIN
    assert profile["messagesTotal"] == 0
    assert profile["historyId"].isdigit()


def test_listing_is_paged_and_newest_first(company: Google) -> None:
    users = company.users()
    seen: list[str] = []
    token = None
    while True:
        page = users.messages().list(userId="me", maxResults=50, pageToken=token).execute()
        seen += [one["id"] for one in page["messages"]]
        token = page.get("nextPageToken")
        if token is None:
            break
    assert len(seen) == len(set(seen)) > 200
    assert seen == sorted(seen, reverse=True)  # ids begin with the time


def test_an_id_tells_its_time_in_the_top_bits(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(KIM))
    moment = datetime.fromtimestamp((int(sent["id"], 16) >> 20) / 1000, UTC)
    assert abs((utc_now() - moment).total_seconds()) < 60
    assert len(sent["id"]) == 16


def test_spam_and_bin_stay_out_of_the_usual_listing(company: Google) -> None:
    users = company.users()
    listed = users.messages().list(userId="me", maxResults=500).execute()["messages"]
    everything = users.messages().list(userId="me", maxResults=500, includeSpamTrash=True).execute()
    assert len(everything["messages"]) == len(listed) + 2


def test_labels_of_a_listing_must_all_be_there(company: Google) -> None:
    users = company.users()
    unread = users.messages().list(userId="me", labelIds=["INBOX", "UNREAD"]).execute()
    shown = [full(users, one["id"]) for one in unread["messages"]]
    assert all({"INBOX", "UNREAD"} <= set(one["labelIds"]) for one in shown)
    assert headers_of(shown[0])["from"] == f"Dana Reyes <{DANA}>"


@pytest.mark.parametrize(
    ("form", "members"),
    [
        ("minimal", {"payload": False, "raw": False}),
        ("metadata", {"payload": True, "raw": False}),
        ("full", {"payload": True, "raw": False}),
        ("raw", {"payload": False, "raw": True}),
    ],
)
def test_a_format_decides_what_comes_along(
    google: Google, form: str, members: dict[str, bool]
) -> None:
    users = google.users()
    sent = send(users, mail(KIM))
    message = users.messages().get(userId="me", id=sent["id"], format=form).execute()
    assert {name: name in message for name in members} == members
    assert {"id", "threadId", "labelIds", "snippet", "historyId", "internalDate"} <= message.keys()


def test_metadata_can_be_restricted_to_some_headers(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(KIM, X_Rapport_Send_Id="42"))
    request = users.messages().get(
        userId="me", id=sent["id"], format="metadata", metadataHeaders=["X-Rapport-Send-Id"]
    )
    payload = request.execute()["payload"]
    assert payload["headers"] == [{"name": "X-Rapport-Send-Id", "value": "42"}]
    assert "parts" not in payload


def test_raw_is_byte_for_byte_what_was_inserted(google: Google) -> None:
    users = google.users()
    raw = b"From: a@b.example\nTo: c@d.example\nSubject:  odd \n\n\nTwo\r\nkinds of line ends\n"
    inserted = users.messages().insert(userId="me", body=body(raw)).execute()
    message = users.messages().get(userId="me", id=inserted["id"], format="raw").execute()
    assert base64.urlsafe_b64decode(message["raw"]) == raw


def test_changing_labels_answers_the_new_set(company: Google) -> None:
    users = company.users()
    message = newest(users, labelIds=["UNREAD", "INBOX"])
    change = {"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    changed = users.messages().modify(userId="me", id=message["id"], body=change).execute()
    assert "STARRED" in changed["labelIds"]
    assert "UNREAD" not in changed["labelIds"]
    assert set(full(users, message["id"])["labelIds"]) == set(changed["labelIds"])


@pytest.mark.parametrize("label", ["SENT", "DRAFT", "Label_99"])
def test_some_labels_cannot_be_applied(company: Google, label: str) -> None:
    users = company.users()
    message = newest(users)
    request = users.messages().modify(userId="me", id=message["id"], body={"addLabelIds": [label]})
    with pytest.raises(HttpError) as refused:
        request.execute()
    assert refused.value.status_code == 400


def test_many_messages_are_changed_at_once_and_nothing_is_answered(company: Google) -> None:
    users = company.users()
    listed = users.messages().list(userId="me", labelIds=["INBOX"], maxResults=5).execute()
    idents = [one["id"] for one in listed["messages"]]
    change = {"ids": [*idents, "00000000000000ff"], "removeLabelIds": ["INBOX"]}
    assert not users.messages().batchModify(userId="me", body=change).execute()
    assert all("INBOX" not in full(users, one)["labelIds"] for one in idents)


def test_binned_mail_comes_back_but_deleted_mail_does_not(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    assert "TRASH" in users.messages().trash(userId="me", id=ident).execute()["labelIds"]
    assert "TRASH" not in users.messages().untrash(userId="me", id=ident).execute()["labelIds"]
    users.messages().delete(userId="me", id=ident).execute()
    with pytest.raises(HttpError) as gone:
        full(users, ident)
    assert gone.value.status_code == 404


def test_each_mailbox_has_ids_of_its_own(google: Google) -> None:
    robin, kim = google.users(ROBIN), google.users(KIM)
    sent = send(robin, mail(KIM))
    received = newest(kim)
    assert received["id"] != sent["id"]
    assert received["threadId"] != sent["threadId"]
    assert headers_of(received)["message-id"] == headers_of(full(robin, sent["id"]))["message-id"]
    with pytest.raises(HttpError) as foreign:
        full(kim, sent["id"])
    assert foreign.value.status_code == 404


def test_what_is_no_id_is_a_bad_request(google: Google) -> None:
    with pytest.raises(HttpError) as refused:
        full(google.users(), "not-an-id")
    assert refused.value.status_code == 400


def test_the_add_ons_form_of_an_id_is_understood(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    assert full(users, f"msg-f:{int(ident, 16)}")["id"] == ident


def test_only_wanted_fields_are_answered(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    request = users.messages().get(userId="me", id=ident, fields="id,payload(headers/name)")
    message = request.execute()
    assert message.keys() == {"id", "payload"}
    assert message["payload"]["headers"][0].keys() == {"name"}
