"""What `rapport inspect-mail` prints: one shape for every file, whatever is in it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.google.inspect import inspect_bytes, inspect_file

KEYS = {
    "kind",
    "subject",
    "from",
    "to",
    "cc",
    "date",
    "message_id",
    "in_reply_to",
    "references",
    "text",
    "html",
    "reply_text",
    "attachments",
    "bounce",
    "defects",
}
MAIL = (
    b"Message-ID: <a@x>\nFrom: Mia Lang <mia@acme.example>\nTo: kim@ours.example\n"
    b"Date: Tue, 1 Jul 2025 10:00:00 +0200\nSubject: Re: Offer\nIn-Reply-To: <p@x>\n\n"
    b"Yes.\n\nOn 3 May 2026, Kim wrote:\n> Coming?\n"
)


def test_a_human_mail() -> None:
    told = inspect_bytes(MAIL)
    assert set(told) == KEYS
    assert told["kind"] == "human"
    assert told["from"] == {"name": "Mia Lang", "address": "mia@acme.example"}
    assert told["to"] == [{"name": "", "address": "kim@ours.example"}]
    assert told["date"] == "2025-07-01T08:00:00+00:00"
    assert (told["message_id"], told["in_reply_to"], told["references"]) == ("a@x", ["p@x"], [])
    assert told["reply_text"] == "Yes."
    assert (told["bounce"], told["defects"], told["attachments"]) == (None, [], [])


def test_a_bounce() -> None:
    told = inspect_bytes(
        b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n<mia@acme.example>:\n"
        b"550 5.1.1 user unknown\n\nMessage-ID: <ours@x>\n"
    )
    assert told["kind"] == "bounce"
    assert told["bounce"] == {
        "type": "hard",
        "recipients": [
            {
                "address": "mia@acme.example",
                "action": "failed",
                "status": "5.1.1",
                "diagnostic": "550 5.1.1 user unknown",
                "class": "hard",
            }
        ],
        "original_message_id": "ours@x",
        "send_id": None,
    }


def test_a_file_that_cannot_be_opened_is_told_about(tmp_path: Path) -> None:
    assert inspect_file(tmp_path / "missing.eml")["defects"] == ["no_from", "file_not_readable"]
    assert "file_not_readable" in str(inspect_file(tmp_path)["defects"])


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(MAIL)
    assert inspect_file(path) == inspect_bytes(MAIL)


@pytest.mark.parametrize("raw", [b"", b"\x00" * 1000, b"\xff" * 1000, b"\n" * 1000, b"=?" * 1000])
def test_bytes_that_are_no_mail(raw: bytes) -> None:
    assert set(inspect_bytes(raw)) == KEYS


@given(st.binary(max_size=1000))
def test_any_bytes_give_one_json_object(raw: bytes) -> None:
    told = inspect_bytes(raw)
    assert set(json.loads(json.dumps(told))) == KEYS
    assert "inspection_failed" not in str(told["defects"])
