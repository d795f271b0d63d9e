"""Faults on demand: each one strikes as asked, as often as asked, and only where asked."""

import json
import socket
import time
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError

from tests.simulator.google import KIM, ROBIN, Google, body, full, mail, newest, send

SEND = "gmail.users.messages.send"


def post_once(google: Google, token: str, send_id: str) -> requests.Response:
    """One POST without retries, as the product sends."""
    session = AuthorizedSession(Credentials(token))  # type: ignore[no-untyped-call]
    try:
        return session.post(
            f"{google.root}/gmail/v1/users/me/messages/send",
            json=body(mail(KIM, X_Rapport_Send_Id=send_id)),
            timeout=5,
        )
    finally:
        session.close()  # type: ignore[no-untyped-call]


def delivered(google: Google, send_id: str) -> int:
    return int(google.get("/simulator/deliveries", send_id=send_id)["count"])


@pytest.mark.parametrize("code", [401, 403, 404, 429, 500, 503])
def test_a_status_comes_as_often_as_asked(google: Google, code: int) -> None:
    google.fault("status", match="getProfile", times=2, params={"code": code})
    bearer = {"Authorization": f"Bearer {google.token()}"}
    url = f"{google.root}/gmail/v1/users/me/profile"
    statuses = [requests.get(url, headers=bearer, timeout=5).status_code for _ in range(3)]
    assert statuses == [code, code, 200]


def test_a_reason_and_a_header_can_be_given(google: Google) -> None:
    params = {"code": 403, "reason": "userRateLimitExceeded", "retry_after": 7}
    google.fault("status", params=params)
    with pytest.raises(HttpError) as refused:
        google.users().getProfile(userId="me").execute()
    assert refused.value.error_details[0]["reason"] == "userRateLimitExceeded"
    assert refused.value.resp["retry-after"] == "7"


def test_the_sending_cap_tells_until_when(google: Google) -> None:
    google.fault("retry_after", match=SEND, params={"seconds": 7200})
    users = google.users()
    with pytest.raises(HttpError, match=r"Retry after 20\d\d-.*Z \(Mail sending\)") as refused:
        send(users, mail(KIM))
    assert refused.value.status_code == 429
    assert users.getProfile(userId="me").execute()


@pytest.mark.parametrize(
    ("kind", "copies"),
    [("drop_after_accept", 1), ("drop_before", 0), ("rst", 0)],
    ids=["accepted and cut", "cut before", "reset before"],
)
def test_a_cut_connection_gives_no_answer(google: Google, kind: str, copies: int) -> None:
    token = google.token()
    google.fault(kind, match=SEND)
    with pytest.raises(requests.ConnectionError):
        post_once(google, token, "once")
    assert delivered(google, "once") == copies
    assert post_once(google, token, "again").status_code == 200


def test_the_stock_client_sends_twice_when_it_is_cut_off(google: Google) -> None:
    """Why the product sends with one POST (gmail-sync.md §5)."""
    users = google.users()
    google.fault("drop_after_accept", match=SEND)
    send(users, mail(KIM, X_Rapport_Send_Id="double"))
    assert delivered(google, "double") == 2


def test_a_delay_holds_only_what_it_matches(google: Google) -> None:
    users = google.users()
    google.fault("delay", match={"method": "getProfile", "user": ROBIN}, params={"seconds": 0.4})
    google.users(KIM).getProfile(userId="me").execute()
    users.labels().list(userId="me").execute()
    assert google.get("/simulator/faults")["faults"][0]["struck"] == 0
    began = time.monotonic()
    users.getProfile(userId="me").execute()
    assert time.monotonic() - began >= 0.4


def test_a_call_that_a_reset_overtakes_changes_nothing(google: Google) -> None:
    """Or a mail of one test, given up by its sender, would leave in the next."""
    bearer = {"Authorization": f"Bearer {google.token()}"}
    google.fault("delay", match=SEND, params={"seconds": 0.8})
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{google.root}/gmail/v1/users/me/messages/send",
            json=body(mail(KIM)),
            headers=bearer,
            timeout=(5, 0.4),
        )
    google.post("/simulator/reset", {"keep_grants": True})
    Event().wait(1)
    assert google.get("/simulator/deliveries")["count"] == 0


def test_a_message_can_hold_what_nobody_can_decode(google: Google) -> None:
    users = google.users()
    ident, other = (send(users, mail(KIM))["id"] for _ in range(2))
    google.fault("unreadable_message", match={"message": ident})
    assert full(users, ident)["payload"]["body"]["data"] == "=?*not base64*?="
    assert full(users, other)["payload"]["body"]["data"] == "SGVsbG8gdGhlcmUuDQo="


def test_a_message_can_come_without_a_payload(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    google.fault("unreadable_message", params={"mode": "no_payload"})
    assert "payload" not in full(users, ident)


def test_one_part_of_a_batch_can_fail(google: Google) -> None:
    service = google.service()
    messages = service.users().messages()
    idents = [send(service.users(), mail(KIM))["id"] for _ in range(3)]
    google.fault("status", match={"message": idents[1]}, params={"code": 500})
    statuses: list[Any] = []
    batch = service.new_batch_http_request(
        callback=lambda _, answer, error: statuses.append(error.status_code if error else 200)
    )
    for ident in idents:
        batch.add(messages.get(userId="me", id=ident))
    batch.execute()
    assert statuses == [200, 500, 200]


def test_a_revoked_person_has_no_tokens_left(google: Google) -> None:
    token = google.token()
    google.fault("token_revoke", match={"user": ROBIN})
    bearer = {"Authorization": f"Bearer {token}"}
    url = f"{google.root}/gmail/v1/users/me/profile"
    answer = requests.get(url, headers=bearer, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


def test_a_listing_can_come_in_another_order(company: Google) -> None:
    users = company.users()
    usual = users.messages().list(userId="me", maxResults=20).execute()["messages"]
    company.fault("list_unordered")
    other = users.messages().list(userId="me", maxResults=20).execute()["messages"]
    assert other != usual
    assert {one["id"] for one in other} == {one["id"] for one in usual}


def test_the_add_ons_ids_can_be_refused(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(KIM))["id"]
    google.fault("refuse_addon_ids")
    with pytest.raises(HttpError) as refused:
        full(users, f"msg-f:{int(ident, 16)}")
    assert refused.value.status_code == 400


def test_faults_are_listed_and_taken_away(google: Google) -> None:
    google.fault("search_lag", params={"seconds": 5})
    google.fault("push_silent", match={"user": ROBIN})
    first, second = google.get("/simulator/faults")["faults"]
    assert first["kind"] == "search_lag"
    assert second["match"] == {"user": ROBIN}
    answer = requests.delete(f"{google.root}/simulator/faults/{first['id']}", timeout=5)
    assert [one["kind"] for one in answer.json()["faults"]] == ["push_silent"]
    requests.delete(f"{google.root}/simulator/faults", timeout=5)
    assert google.get("/simulator/faults")["faults"] == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "earthquake"},
        {"kind": "status", "times": 0},
        {"kind": "status", "match": {"colour": "red"}},
        {"kind": "status", "params": []},
        "status",
    ],
)
def test_what_is_no_fault_is_refused_with_a_sentence(google: Google, wanted: object) -> None:
    answer = requests.post(f"{google.root}/simulator/faults", json=wanted, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_newest_mail_is_there_although_search_lags(google: Google) -> None:
    users = google.users()
    send(users, mail(KIM, "Needle"))
    found = users.messages().list(userId="me", q="subject:needle").execute()
    assert "messages" not in found
    assert newest(users, labelIds=["SENT"])["snippet"] == "Hello there."
    google.post("/simulator/search", {"lag_seconds": 0})
    found = users.messages().list(userId="me", q="subject:needle").execute()
    assert len(found["messages"]) == 1


def test_a_sender_that_hangs_up_midway_has_sent_nothing(google: Google) -> None:
    started = json.dumps(body(mail(KIM, X_Rapport_Send_Id="half")))[:40].encode()
    head = (
        "POST /gmail/v1/users/me/messages/send HTTP/1.0\r\n"
        f"Authorization: Bearer {google.token()}\r\n"
        "Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
    )
    where = urlsplit(google.root)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=5) as hung_up:
        hung_up.sendall(head.encode() + started)
        hung_up.shutdown(socket.SHUT_WR)
        with hung_up.makefile("rb") as answer:
            refusal = json.loads(answer.read().partition(b"\r\n\r\n")[2])
    assert refusal["error"]["status"] == "INVALID_ARGUMENT"
    assert delivered(google, "half") == 0
