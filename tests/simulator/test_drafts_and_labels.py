"""Drafts (the id stays, the message does not) and labels (names are unique)."""

import pytest
from googleapiclient.errors import HttpError

from tests.simulator.google import DANA, KIM, Google, body, full, history_since, mail, newest, send


def test_a_save_replaces_the_message_of_a_draft(google: Google) -> None:
    users = google.users()
    start = users.getProfile(userId="me").execute()["historyId"]
    made = users.drafts().create(userId="me", body={"message": body(mail(DANA, "A"))}).execute()
    saved = (
        users.drafts()
        .update(userId="me", id=made["id"], body={"message": body(mail(DANA, "B"))})
        .execute()
    )
    assert saved["id"] == made["id"]
    assert saved["message"]["id"] != made["message"]["id"]
    kinds = [sorted(one.keys() - {"id", "messages"}) for one in history_since(users, start)]
    assert kinds == [["messagesAdded"], ["messagesAdded"], ["messagesDeleted"]]
    with pytest.raises(HttpError) as gone:
        full(users, made["message"]["id"])
    assert gone.value.status_code == 404


def test_sending_uses_a_draft_up(google: Google) -> None:
    users = google.users()
    made = users.drafts().create(userId="me", body={"message": body(mail(KIM))}).execute()
    sent = users.drafts().send(userId="me", body={"id": made["id"]}).execute()
    assert sent["labelIds"] == ["SENT"]
    assert sent["id"] != made["message"]["id"]
    assert newest(google.users(KIM))["snippet"] == "Hello there."
    with pytest.raises(HttpError) as again:
        users.drafts().send(userId="me", body={"id": made["id"]}).execute()
    assert again.value.status_code == 404
    assert "drafts" not in users.drafts().list(userId="me").execute()


def test_a_draft_of_an_answer_goes_to_its_thread(google: Google) -> None:
    users = google.users()
    first = send(users, mail(DANA, "Offer"))
    parent = next(
        one["value"]
        for one in full(users, first["id"])["payload"]["headers"]
        if one["name"] == "Message-ID"
    )
    message = body(mail(DANA, "Re: Offer", In_Reply_To=parent), threadId=first["threadId"])
    made = users.drafts().create(userId="me", body={"message": message}).execute()
    assert made["message"]["threadId"] == first["threadId"]
    sent = users.drafts().send(userId="me", body={"id": made["id"]}).execute()
    assert sent["threadId"] == first["threadId"]


def test_drafts_are_listed_read_and_deleted(company: Google) -> None:
    users = company.users()
    (listed,) = users.drafts().list(userId="me").execute()["drafts"]
    draft = users.drafts().get(userId="me", id=listed["id"], format="full").execute()
    assert draft["message"]["labelIds"] == ["DRAFT"]
    users.drafts().delete(userId="me", id=listed["id"]).execute()
    with pytest.raises(HttpError) as gone:
        users.drafts().get(userId="me", id=listed["id"]).execute()
    assert gone.value.status_code == 404


def test_a_label_is_made_renamed_and_applied(google: Google) -> None:
    users = google.users()
    label = users.labels().create(userId="me", body={"name": "Customers"}).execute()
    assert label["id"].startswith("Label_")
    renamed = users.labels().patch(userId="me", id=label["id"], body={"name": "Clients"}).execute()
    assert renamed == {"id": label["id"], "name": "Clients", "type": "user"}
    ident = send(users, mail(KIM))["id"]
    users.messages().modify(userId="me", id=ident, body={"addLabelIds": [label["id"]]}).execute()
    counted = users.labels().get(userId="me", id=label["id"]).execute()
    assert (counted["messagesTotal"], counted["messagesUnread"]) == (1, 0)
    users.labels().delete(userId="me", id=label["id"]).execute()
    assert full(users, ident)["labelIds"] == ["SENT"]


@pytest.mark.parametrize("name", ["customers", "Inbox"])
def test_a_name_is_taken_only_once(google: Google, name: str) -> None:
    users = google.users()
    users.labels().create(userId="me", body={"name": "Customers"}).execute()
    with pytest.raises(HttpError) as refused:
        users.labels().create(userId="me", body={"name": name}).execute()
    assert refused.value.status_code == 409


def test_system_labels_are_listed_and_stay(google: Google) -> None:
    users = google.users()
    names = {one["id"] for one in users.labels().list(userId="me").execute()["labels"]}
    assert {"INBOX", "SENT", "UNREAD", "CATEGORY_UPDATES"} <= names
    with pytest.raises(HttpError) as refused:
        users.labels().delete(userId="me", id="INBOX").execute()
    assert refused.value.status_code == 400
