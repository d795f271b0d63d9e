"""Which thread a mail joins (gmail-sync.md §1.7): threadId, References and subject together."""

import base64

import pytest
from googleapiclient.errors import HttpError

from tests.simulator.google import DANA, KIM, ROBIN, Google, full, headers_of, mail, newest, send


def message_id(users: object, ident: str) -> str:
    return headers_of(full(users, ident))["message-id"]


@pytest.mark.parametrize(
    ("subject", "cites", "asks", "joins"),
    [
        pytest.param("Re: Offer", True, True, True, id="all three fit"),
        pytest.param("Fwd: offer", True, True, True, id="marks and case do not matter"),
        pytest.param("Re: New offer", True, True, False, id="another subject"),
        pytest.param("Re: Offer", False, True, False, id="nothing cited"),
        pytest.param("Re: Offer", True, False, False, id="no threadId"),
    ],
)
def test_a_sent_mail_joins_only_when_all_three_fit(
    google: Google, subject: str, *, cites: bool, asks: bool, joins: bool
) -> None:
    users = google.users()
    first = send(users, mail(DANA, "Offer"))
    parent = message_id(users, first["id"])
    headers = {"In_Reply_To": parent, "References": parent} if cites else {}
    more = {"threadId": first["threadId"]} if asks else {}
    second = send(users, mail(DANA, subject, **headers), **more)
    assert (second["threadId"] == first["threadId"]) is joins


def test_a_thread_of_another_mailbox_is_not_found(google: Google) -> None:
    send(google.users(), mail(KIM, "Offer"))
    foreign = newest(google.users(KIM))["threadId"]
    with pytest.raises(HttpError) as refused:
        send(google.users(), mail(DANA, "Re: Offer"), threadId=foreign)
    assert refused.value.status_code == 404


def test_an_answer_joins_the_thread_in_each_mailbox(google: Google) -> None:
    robin, dana = google.users(), None
    sent = send(robin, mail(DANA, "Offer"))
    dana = google.users(DANA)
    received = newest(dana)
    parent = headers_of(received)["message-id"]
    answer = mail(ROBIN, "Re: Offer", In_Reply_To=parent, References=parent)
    answered = send(dana, answer, threadId=received["threadId"])
    assert answered["threadId"] == received["threadId"]
    assert newest(robin)["threadId"] == sent["threadId"]
    thread = robin.threads().get(userId="me", id=sent["threadId"], format="minimal").execute()
    assert len(thread["messages"]) == 2


def test_an_arriving_mail_with_another_subject_opens_a_thread(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(DANA, "Offer"))
    parent = message_id(users, sent["id"])
    google.post(
        "/simulator/mail",
        {"to": ROBIN, "from": DANA, "subject": "Something else", "in_reply_to": parent},
    )
    assert newest(users)["threadId"] != sent["threadId"]


def test_a_full_thread_is_continued_in_another(google: Google) -> None:
    users = google.users()
    raw = mail(ROBIN, "Long story", Message_ID="<first@x.example>")
    google.post("/simulator/mail", {"to": ROBIN, "from": DANA, "raw_base64": _b64(raw)})
    for _ in range(100):
        google.post(
            "/simulator/mail",
            {"to": ROBIN, "from": DANA, "subject": "Long story", "in_reply_to": "first@x.example"},
        )
    threads = users.threads().list(userId="me").execute()["threads"]
    sizes = [
        len(users.threads().get(userId="me", id=one["id"], format="minimal").execute()["messages"])
        for one in threads
    ]
    assert sorted(sizes) == [1, 100]


def test_threads_are_listed_by_their_newest_message(google: Google) -> None:
    users = google.users()
    first, second = send(users, mail(DANA, "One")), send(users, mail(DANA, "Two"))
    parent = message_id(users, first["id"])
    send(users, mail(DANA, "Re: One", In_Reply_To=parent), threadId=first["threadId"])
    listed = users.threads().list(userId="me").execute()["threads"]
    assert [one["id"] for one in listed] == [first["threadId"], second["threadId"]]
    page = users.threads().list(userId="me", maxResults=1).execute()
    rest = users.threads().list(userId="me", pageToken=page["nextPageToken"]).execute()
    assert [one["id"] for one in rest["threads"]] == [second["threadId"]]


def test_a_whole_thread_is_labelled_and_binned(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(DANA, "One"))["threadId"]
    starred = users.threads().modify(userId="me", id=ident, body={"addLabelIds": ["STARRED"]})
    assert "STARRED" in starred.execute()["messages"][0]["labelIds"]
    users.threads().trash(userId="me", id=ident).execute()
    assert "messages" not in users.messages().list(userId="me").execute()
    users.threads().untrash(userId="me", id=ident).execute()
    users.threads().delete(userId="me", id=ident).execute()
    with pytest.raises(HttpError) as gone:
        users.threads().get(userId="me", id=ident).execute()
    assert gone.value.status_code == 404


def _b64(message: object) -> str:
    return base64.b64encode(bytes(message)).decode()  # type: ignore[call-overload]
