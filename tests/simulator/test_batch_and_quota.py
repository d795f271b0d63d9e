"""Batches and the two limits they run into: units a minute, and calls at the same time."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from tests.simulator.google import KIM, ROBIN, Google, mail, send


def run_batch(service: Any, requests: Sequence[Any]) -> Counter[int]:
    """How often each status came."""
    statuses: Counter[int] = Counter()

    def note(_: str, answer: Any, error: HttpError | None) -> None:
        statuses[error.status_code if error else 200] += 1

    batch = service.new_batch_http_request(callback=note)
    for request in requests:
        batch.add(request)
    batch.execute()
    return statuses


@pytest.fixture
def limited(google: Google) -> Google:
    """With Google's real rates."""
    google.post("/simulator/quota", {"mode": "real"})
    return google


def test_each_part_has_a_status_of_its_own(google: Google) -> None:
    service = google.service()
    messages = service.users().messages()
    ident = send(service.users(), mail(KIM))["id"]
    wanted = [messages.get(userId="me", id=one) for one in (ident, "00000000000000ff", "odd")]
    assert run_batch(service, wanted) == {200: 1, 404: 1, 400: 1}


def test_writes_go_in_batches_too(google: Google) -> None:
    service = google.service()
    messages = service.users().messages()
    ident = send(service.users(), mail(KIM))["id"]
    change = messages.modify(userId="me", id=ident, body={"addLabelIds": ["STARRED"]})
    assert run_batch(service, [change]) == {200: 1}
    assert "STARRED" in messages.get(userId="me", id=ident).execute()["labelIds"]


def test_more_than_a_hundred_parts_are_refused_whole(google: Google) -> None:
    service = google.service()
    profile = service.users().getProfile(userId="me")
    batch = service.new_batch_http_request()
    for _ in range(101):
        batch.add(profile)
    with pytest.raises(HttpError, match="exceeds the limit"):
        batch.execute()


def test_parts_beyond_fifty_at_once_are_throttled(limited: Google) -> None:
    service = limited.service()
    labels = [service.users().labels().list(userId="me") for _ in range(60)]
    assert run_batch(service, labels) == {200: 50, 429: 10}
    assert limited.get("/simulator/usage")["users"][ROBIN]["refused_429"] == 10


def test_without_a_token_every_part_is_refused(google: Google) -> None:
    body = (
        "--b\r\nContent-Type: application/http\r\nContent-ID: <1>\r\n\r\n"
        "GET /gmail/v1/users/me/profile\r\n\r\n--b--"
    )
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    answer = requests.post(f"{google.root}/batch", data=body, headers=kind, timeout=10)
    assert answer.status_code == 200
    assert "HTTP/1.1 401 Unauthorized" in answer.text
    assert "Content-ID: <response-1>" in answer.text


def test_the_rate_is_a_hundred_units_a_second_after_a_burst(limited: Google) -> None:
    users = limited.users()
    limited.post("/simulator/quota", {"multiplier": 10})
    listing = users.messages().list(userId="me")  # 5 units, times ten
    taken = sum(1 for _ in range(20) if listing.execute())
    with pytest.raises(HttpError, match="Units per minute per user") as refused:
        exhaust(listing)
    assert refused.value.status_code == 403
    assert refused.value.error_details[0]["reason"] == "rateLimitExceeded"
    assert taken == 20
    assert limited.get("/simulator/usage")["users"][ROBIN]["refused_403"] == 1
    limited.users(KIM).getProfile(userId="me").execute()  # others have a bucket of their own


def exhaust(listing: Any) -> None:
    for _ in range(20):
        listing.execute()


def test_usage_is_counted_by_user_and_method(google: Google) -> None:
    users = google.users()
    users.getProfile(userId="me").execute()
    send(users, mail(KIM))
    usage = google.get("/simulator/usage")["users"][ROBIN]
    assert usage["units"] == 101
    assert usage["calls"] == {"gmail.users.getProfile": 1, "gmail.users.messages.send": 1}
    assert usage["first_call_at"] <= usage["last_call_at"]
