"""Uploads as the real client makes them: simple, with JSON in front, and resumable in pieces."""

import io
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from tests.simulator.google import DANA, KIM, Google, full, headers_of, mail, newest, send

LARGEST = 36_700_160


def upload(raw: bytes, *, resumable: bool = False) -> Any:
    stream = io.BytesIO(raw)
    return MediaIoBaseUpload(
        stream, mimetype="message/rfc822", resumable=resumable, chunksize=256 * 1024
    )


def large(to: str, size: int, **headers: str) -> bytes:
    message = mail(to, "Large", **headers)
    message.add_attachment(b"\x00" * size, maintype="application", subtype="zip", filename="a.zip")
    return message.as_bytes()


def test_a_simple_upload_is_sent(google: Google) -> None:
    media = upload(mail(KIM).as_bytes())
    sent = google.users().messages().send(userId="me", media_body=media).execute()
    assert sent["labelIds"] == ["SENT"]
    assert newest(google.users(KIM))["snippet"] == "Hello there."


def test_json_in_front_keeps_the_thread(google: Google) -> None:
    users = google.users()
    first = send(users, mail(DANA, "Offer"))
    parent = headers_of(full(users, first["id"]))["message-id"]
    media = upload(mail(DANA, "Re: Offer", In_Reply_To=parent).as_bytes())
    body = {"threadId": first["threadId"]}
    sent = users.messages().send(userId="me", body=body, media_body=media).execute()
    assert sent["threadId"] == first["threadId"]


def test_a_resumable_upload_arrives_piece_by_piece(google: Google) -> None:
    users = google.users()
    request = users.messages().send(
        userId="me", media_body=upload(large(KIM, 600_000), resumable=True)
    )
    pieces, answer = 0, None
    while answer is None:
        _, answer = request.next_chunk()
        pieces += 1
    assert pieces > 2
    received = newest(google.users(KIM))
    part = received["payload"]["parts"][1]
    assert part["body"]["size"] == 600_000


def test_the_resumable_address_works_as_well(google: Google) -> None:
    bearer = {"Authorization": f"Bearer {google.token()}"}
    opened = requests.post(
        f"{google.root}/resumable/upload/gmail/v1/users/me/messages/send",
        headers=bearer,
        params={"uploadType": "resumable"},
        timeout=10,
    )
    place = opened.headers["Location"]
    raw = mail(KIM).as_bytes()
    asked = requests.put(place, headers={"Content-Range": f"bytes */{len(raw)}"}, timeout=10)
    assert asked.status_code == 308
    span = f"bytes 0-{len(raw) - 1}/{len(raw)}"
    done = requests.put(place, data=raw, headers={"Content-Range": span}, timeout=10)
    assert done.json()["labelIds"] == ["SENT"]


def test_a_draft_can_be_uploaded(google: Google) -> None:
    users = google.users()
    media = upload(large(DANA, 2000))
    draft = users.drafts().create(userId="me", media_body=media).execute()
    message = users.drafts().get(userId="me", id=draft["id"]).execute()["message"]
    assert message["payload"]["parts"][1]["filename"] == "a.zip"


def test_more_than_35_mib_is_too_large(google: Google) -> None:
    answer = requests.post(
        f"{google.root}/upload/gmail/v1/users/me/messages/send",
        params={"uploadType": "media"},
        headers={"Authorization": f"Bearer {google.token()}", "Content-Type": "message/rfc822"},
        data=b"To: a@b.example\r\n\r\n" + b"x" * LARGEST,
        timeout=30,
    )
    assert answer.status_code == 413


def test_json_takes_less_than_an_upload(google: Google) -> None:
    users = google.users()
    with pytest.raises(HttpError) as refused:
        users.messages().send(userId="me", body={"raw": "A" * (5 * 1024 * 1024 + 4)}).execute()
    assert refused.value.status_code == 413
