"""history.list (gmail-sync.md §1.2): kinds, pages, the cursor, and how it gets too old."""

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.simulator.google import DANA, KIM, ROBIN, Google, full, history_since, mail, send


def cursor(users: Any) -> str:
    return str(users.getProfile(userId="me").execute()["historyId"])


def kinds(records: list[Any]) -> list[str]:
    return [next(iter(one.keys() - {"id", "messages"})) for one in records]


def test_each_kind_of_change_is_told_once(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    ident = send(users, mail(KIM))["id"]
    users.messages().modify(userId="me", id=ident, body={"addLabelIds": ["STARRED"]}).execute()
    users.messages().modify(userId="me", id=ident, body={"removeLabelIds": ["STARRED"]}).execute()
    users.messages().delete(userId="me", id=ident).execute()
    records = history_since(users, start)
    assert kinds(records) == ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    assert records[0]["messagesAdded"][0]["message"]["labelIds"] == ["SENT"]
    assert records[1]["labelsAdded"][0]["labelIds"] == ["STARRED"]
    assert {one["messages"][0]["id"] for one in records} == {ident}


def test_ids_grow_with_gaps_and_pass_a_million(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    for _ in range(4):
        send(users, mail(KIM))
    ids = [one["id"] for one in history_since(users, start)]
    numbers = [int(one) for one in (start, *ids)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] - numbers[0] > len(ids)
    assert ids != sorted([start, *ids])[1:]  # as text they would sort otherwise


def test_pages_end_with_the_one_that_has_no_token(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    for _ in range(5):
        send(users, mail(KIM))
    page = users.history().list(userId="me", startHistoryId=start, maxResults=2).execute()
    assert len(page["history"]) == 2
    assert page["historyId"] == cursor(users)
    assert len(history_since(users, start, maxResults=2)) == 5


def test_nothing_new_has_no_history_member(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    answer = users.history().list(userId="me", startHistoryId=start).execute()
    assert answer == {"historyId": start}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("messageAdded", 1), ("labelAdded", 1), ("labelRemoved", 0), ("messageDeleted", 0)],
)
def test_types_filter(google: Google, kind: str, expected: int) -> None:
    users = google.users()
    start = cursor(users)
    ident = send(users, mail(KIM))["id"]
    users.messages().modify(userId="me", id=ident, body={"addLabelIds": ["STARRED"]}).execute()
    assert len(history_since(users, start, historyTypes=[kind])) == expected


def test_a_label_filters(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    send(users, mail(KIM))
    google.post("/simulator/mail", {"to": ROBIN, "from": DANA, "subject": "Hello"})
    (record,) = history_since(users, start, labelId="INBOX")
    assert "INBOX" in record["messagesAdded"][0]["message"]["labelIds"]


def test_an_expired_cursor_is_not_found_and_a_new_one_works(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    google.fault("history_expired", match={"user": ROBIN})
    with pytest.raises(HttpError) as expired:
        users.history().list(userId="me", startHistoryId=start).execute()
    assert expired.value.status_code == 404
    assert expired.value.error_details[0]["reason"] == "notFound"
    assert history_since(users, cursor(users)) == []


@pytest.mark.parametrize(("start", "status"), [("abc", 400), ("1", 404), ("99999999999", 404)])
def test_what_was_never_a_cursor(google: Google, start: str, status: int) -> None:
    with pytest.raises(HttpError) as refused:
        google.users().history().list(userId="me", startHistoryId=start).execute()
    assert refused.value.status_code == status


def test_pages_without_history_hide_nothing(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    for _ in range(3):
        send(users, mail(KIM))
    google.fault("history_empty_pages")
    first = users.history().list(userId="me", startHistoryId=start).execute()
    assert "history" not in first
    assert first["nextPageToken"]
    assert len(history_since(users, start, maxResults=2)) == 3


def test_sent_mail_can_surface_as_a_label_only(google: Google) -> None:
    users = google.users()
    start = cursor(users)
    google.fault("sent_via_labels")
    ident = send(users, mail(KIM))["id"]
    (record,) = history_since(users, start)
    assert record["labelsAdded"][0]["labelIds"] == ["SENT"]
    assert record["labelsAdded"][0]["message"]["id"] == ident
    assert full(users, ident)["labelIds"] == ["SENT"]
