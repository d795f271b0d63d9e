"""The control addresses: mail from outside, people, sessions, resets, and what they refuse."""

import base64

import pytest
import requests

from tests.simulator.google import DANA, KIM, ROBIN, Google, full, headers_of, mail, newest, send


def test_mail_from_outside_reaches_everybody_named(google: Google) -> None:
    answer = google.post(
        "/simulator/mail",
        {
            "from": f"Dana Reyes <{DANA}>",
            "to": [ROBIN],
            "cc": KIM,
            "bcc": "ana@lumenworks.example",
            "subject": "Grüße",
            "text": "Hello",
            "html": "<p>Hello</p>",
            "headers": {"Auto-Submitted": "auto-replied"},
            "date": "2026-01-02T03:04:05+00:00",
        },
    )
    assert [one["mailbox"] for one in answer["copies"]] == [ROBIN, KIM, "ana@lumenworks.example"]
    message = full(google.users(), answer["copies"][0]["id"])
    headers = headers_of(message)
    assert headers["subject"] == "Grüße"
    assert headers["message-id"] == f"<{answer['message_id']}>"
    assert headers["auto-submitted"] == "auto-replied"
    assert headers["authentication-results"].endswith("header.from=northwind.example")
    assert "bcc" not in headers
    assert message["internalDate"] == "1767323045000"


def test_a_whole_mail_can_be_handed_in(google: Google) -> None:
    raw = mail(ROBIN, "Raw", From="x@y.example", Message_ID="<r@y.example>").as_bytes()
    encoded = base64.b64encode(raw).decode()
    (copy,) = google.post("/simulator/mail", {"raw_base64": encoded})["copies"]
    assert headers_of(full(google.users(), copy["id"]))["message-id"] == "<r@y.example>"


def test_an_answer_finds_its_thread(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(DANA, "Offer"))
    parent = headers_of(full(users, sent["id"]))["message-id"]
    answer = {"to": ROBIN, "from": DANA, "subject": "Re: Offer", "in_reply_to": parent}
    (copy,) = google.post("/simulator/mail", answer)["copies"]
    assert copy["threadId"] == sent["threadId"]


def test_somebody_new_can_be_played(google: Google) -> None:
    person = google.post("/simulator/people", {"email": "Ola@new.example", "name": "Ola N"})
    assert person["email"] == "ola@new.example"
    assert (person["role"], person["name"]) == ("outside", "Ola N")
    send(google.users("ola@new.example"), mail(ROBIN, "Hi"))
    assert headers_of(newest(google.users()))["from"] == "Ola N <ola@new.example>"
    emails = [one["email"] for one in google.get("/simulator/people")["people"]]
    assert emails[0] == ROBIN
    assert "ola@new.example" in emails


def test_a_reset_forgets_mail_tokens_and_faults(google: Google) -> None:
    token = google.token()
    send(google.users(), mail(KIM))
    google.fault("push_silent")
    google.post("/simulator/reset", {})
    assert google.get("/simulator/faults")["faults"] == []
    bearer = {"Authorization": f"Bearer {token}"}
    url = f"{google.root}/gmail/v1/users/me/profile"
    assert requests.get(url, headers=bearer, timeout=5).status_code == 401
    assert google.users().getProfile(userId="me").execute()["messagesTotal"] == 0


def test_a_reset_can_keep_who_may_do_what(google: Google) -> None:
    bearer = {"Authorization": f"Bearer {google.token()}"}
    google.post("/simulator/reset", {"seed": "company", "keep_grants": True})
    url = f"{google.root}/gmail/v1/users/me/profile"
    answer = requests.get(url, headers=bearer, timeout=5)
    assert answer.json()["messagesTotal"] > 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/simulator/reset", {"seed": "chaos"}),
        ("/simulator/session", {"email": "ghost@nowhere.example"}),
        ("/simulator/session", {}),
        ("/simulator/people", {"email": "two@at@signs"}),
        ("/simulator/quota", {"mode": "sometimes"}),
        ("/simulator/quota", {"multiplier": 0}),
        ("/simulator/clock", {}),
        ("/simulator/search", {"lag_seconds": -1}),
        ("/simulator/mail", {"to": 7}),
        ("/simulator/mail", {"from": "a@b.example"}),
        ("/simulator/mail", {"to": ROBIN, "date": "yesterday"}),
        ("/simulator/mail", {"to": ROBIN, "headers": []}),
        ("/simulator/mail", {"to": ROBIN, "attachments": "x"}),
        ("/simulator/push", {"retry_seconds": 0}),
        ("/simulator/reset", []),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(google: Google, path: str, body: object) -> None:
    answer = requests.post(f"{google.root}{path}", json=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_it_says_what_it_is(google: Google) -> None:
    told = google.get("/simulator/healthz")
    assert told["status"] == "ok"
    assert "No Google account" in told["what"]
    assert google.get("/simulator/loading")["state"] == "idle"
