"""users.watch and the notifications it leads to (gmail-sync.md §1.3)."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from queue import Empty, Queue
from typing import Any

import pytest
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from googleapiclient.errors import HttpError

from tests.simulator.google import KIM, ROBIN, TOPIC, Google, mail, send
from tests.support.serving import at_work

AUDIENCE = "http://127.0.0.1/hooks/gmail-push"
ACCOUNT = "push@rapport-local.iam.gserviceaccount.com"


class Hook:
    """A receiver of pushes that answers as configured."""

    def __init__(self, url: str, arrived: "Queue[Any]", answers: list[int]) -> None:
        self.url = url
        self.answers = answers
        self._arrived = arrived

    def next(self, seconds: float = 5.0) -> Any:
        return self._arrived.get(timeout=seconds)

    def stays_silent(self, seconds: float) -> bool:
        try:
            self._arrived.get(timeout=seconds)
        except Empty:
            return True
        return False


@contextmanager
def listening() -> Iterator[Hook]:
    arrived: Queue[Any] = Queue()
    answers: list[int] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.put((self.headers["Authorization"], body))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    with at_work(server):
        yield Hook(f"http://127.0.0.1:{server.server_port}/push", arrived, answers)


@pytest.fixture
def hook(google: Google) -> Iterator[Hook]:
    """The simulator's pushes, caught."""
    with listening() as hook:
        google.post(
            "/simulator/push",
            {"endpoint": hook.url, "audience": AUDIENCE, "service_account": ACCOUNT},
        )
        yield hook


def watch(google: Google) -> Any:
    return google.users().watch(userId="me", body={"topicName": TOPIC}).execute()


def data_of(arrival: Any) -> Any:
    return json.loads(base64.b64decode(arrival[1]["message"]["data"]))


def test_watching_is_for_seven_days_and_tells_at_once(google: Google, hook: Hook) -> None:
    answer = watch(google)
    now_ms = int(google.users().getProfile(userId="me").execute()["historyId"])
    assert int(answer["historyId"]) == now_ms
    assert data_of(hook.next()) == {"emailAddress": ROBIN, "historyId": int(answer["historyId"])}
    assert google.get("/simulator/push")["endpoint"] == hook.url


def test_a_notification_is_signed_by_the_service_account(google: Google, hook: Hook) -> None:
    watch(google)
    bearer, body = hook.next()
    claims = id_token.verify_token(
        bearer.removeprefix("Bearer "),
        Request(),
        audience=AUDIENCE,
        certs_url=f"{google.root}/oauth2/v1/certs",
    )
    assert claims["email"] == ACCOUNT
    assert claims["email_verified"] is True
    assert claims["iss"] == "https://accounts.google.com"
    assert body["message"]["messageId"]
    assert body["message"]["publishTime"].endswith("Z")
    assert body["message"]["publish_time"] == body["message"]["publishTime"]
    assert body["message"]["message_id"] == body["message"]["messageId"]
    assert body["subscription"].startswith("projects/")


def test_changes_are_told_at_most_once_a_second(google: Google, hook: Hook) -> None:
    watch(google)
    hook.next()
    users = google.users()
    for _ in range(5):
        send(users, mail(KIM))
    last = int(users.getProfile(userId="me").execute()["historyId"])
    arrivals = [hook.next()]
    while data_of(arrivals[-1])["historyId"] < last:
        arrivals.append(hook.next())
    moments = [datetime.fromisoformat(one[1]["message"]["publishTime"]) for one in arrivals]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert all(gap > timedelta(seconds=0.95) for gap in gaps)
    assert hook.stays_silent(1.3)


def test_what_is_refused_comes_again(google: Google, hook: Hook) -> None:
    google.post("/simulator/push", {"retry_seconds": 0.2})
    hook.answers += [503, 500]
    watch(google)
    first, second, third = hook.next(), hook.next(), hook.next()
    assert first[1] == second[1] == third[1]
    assert hook.stays_silent(0.6)


def test_nobody_is_told_after_stop_or_without_a_watch(google: Google, hook: Hook) -> None:
    send(google.users(KIM), mail("a@b.example"))
    watch(google)
    hook.next()
    google.users().stop(userId="me").execute()
    send(google.users(), mail("a@b.example"))
    assert hook.stays_silent(1.5)


def test_a_watch_ends_by_itself(google: Google, hook: Hook) -> None:
    watch(google)
    hook.next()
    google.post("/simulator/clock", {"ahead_seconds": 8 * 24 * 3600})
    send(google.users(), mail("a@b.example"))
    assert hook.stays_silent(1.5)


@pytest.mark.parametrize(
    ("topic", "status", "text"),
    [
        ("projects/other/topics/gmail", 400, "Invalid topicName does not match"),
        ("projects/rapport-local/topics/missing", 404, "Resource not found"),
        ("", 400, "topicName"),
    ],
)
def test_only_the_projects_own_topic_is_taken(
    google: Google, topic: str, status: int, text: str
) -> None:
    request = google.users().watch(userId="me", body={"topicName": topic} if topic else {})
    with pytest.raises(HttpError, match=text) as refused:
        request.execute()
    assert refused.value.status_code == status


def test_a_push_can_come_twice(google: Google, hook: Hook) -> None:
    google.fault("push_twice")
    watch(google)
    assert hook.next()[1]["message"] == hook.next()[1]["message"]


def test_a_push_can_be_late(google: Google, hook: Hook) -> None:
    google.fault("push_late", params={"seconds": 1.0})
    watch(google)
    assert hook.stays_silent(0.7)


def test_pushes_can_change_their_order(google: Google, hook: Hook) -> None:
    google.fault("push_out_of_order")
    users = google.users()
    watch(google)
    for _ in range(3):
        send(users, mail("a@b.example"))
        threading.Event().wait(1.1)
    numbers = [data_of(hook.next(8))["historyId"] for _ in range(3)]
    assert numbers != sorted(numbers)


def test_push_can_fall_silent(google: Google, hook: Hook) -> None:
    google.fault("push_silent", match={"user": ROBIN})
    watch(google)
    assert hook.stays_silent(1.2)
    assert google.get("/simulator/push")["silenced"] == 1


def test_pushes_never_leave_the_machine(google: Google) -> None:
    with pytest.raises(AssertionError, match="this machine only"):
        google.post("/simulator/push", {"endpoint": "https://example.com/push"})
