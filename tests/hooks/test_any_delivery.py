"""Whatever is delivered as a push: read or left alone, never a fault. Google brings it again."""

import base64
import json

import pytest

from backend.hooks.gmail_push import Notification, read
from tests.support.company import ROBIN

ODD: tuple[object, ...] = (None, -1, 1e400, 10**40, "", [], {}, "-5", "9" * 21, "١٢", "1\x00")
TOLD: tuple[object, ...] = (
    *(None, 1, "x", [], {}, {"emailAddress": ROBIN}, {"historyId": 5}, "\ud800"),
    *({"emailAddress": ROBIN, "historyId": one} for one in (*ODD, True)),
    *({"emailAddress": one, "historyId": 5} for one in ("a\x00b", "\u202e", "a\nb", "\ud800")),
)


def delivered(told: object) -> bytes:
    data = base64.b64encode(json.dumps(told).encode()).decode()
    return json.dumps({"message": {"data": data}}).encode()


@pytest.mark.parametrize("body", [delivered(one) for one in TOLD])
def test_what_tells_nothing_is_no_notification(body: bytes) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"\x00",
            b"\xff\xfe",
            b"[]",
            b"null",
            b'{"message":7}',
            b'{"message":{"data":null}}',
        ),
        *(b'{"message":{"data":"\xc3\xa9"}}', b'{"message":{"data":"=a="}}', b"[" * 9_000),
        *(
            b'{"message":{"data":' + b'{"a":' * 900 + b"1" + b"}" * 902,
            b'{"message":{"data":"' * 99,
        ),
    ],
)
def test_what_is_no_delivery_is_no_notification(body: bytes) -> None:
    assert read(body) is None


def test_what_comes_twice_or_besides_does_no_harm() -> None:
    good = delivered({"emailAddress": ROBIN.upper(), "historyId": "17", "more": [1]})
    assert read(b'{"message":1,' + good[1:]) == Notification(ROBIN, 17)
