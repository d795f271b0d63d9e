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
    "forward",
    "unsubscribe",
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
                "original": "",
                "action": "failed",
                "status": "5.1.1",
                "diagnostic": "550 5.1.1 user unknown",
                "class": "hard",
            }
        ],
        "original_message_id": "ours@x",
        "original_recipients": [],
        "send_id": None,
    }


def test_the_address_that_was_written_to_is_told_beside_the_one_that_failed() -> None:
    told = inspect_bytes(
        b"From: mailer-daemon@x.example\nSubject: Undelivered\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        b"Original-Recipient: rfc822; mia@acme.example\nFinal-Recipient: rfc822; m7@in.example\n"
        b"Action: failed\nStatus: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\n"
        b"To: Mia <mia@acme.example>\n--b--\n"
    )
    bounce = told["bounce"]
    assert isinstance(bounce, dict)
    assert [(one["address"], one["original"]) for one in bounce["recipients"]] == [
        ("m7@in.example", "mia@acme.example")
    ]
    assert bounce["original_recipients"] == ["mia@acme.example"]


def test_a_forward_is_told_as_its_text_claims() -> None:
    told = inspect_bytes(
        b"From: kim@ours.example\nSubject: FW: Offer\n\nCan you help?\n\n"
        b'On 02/06/2025 12:46, "Bert Roth" <bert@acme.example> wrote:\n\n    Ten seats.\n'
    )
    assert told["forward"] == {
        "address": "bert@acme.example",
        "name": "Bert Roth",
        "subject": "Offer",
        "date": "02/06/2025 12:46",
    }
    assert told["reply_text"] == "Can you help?"
    assert inspect_bytes(MAIL)["forward"] is None


PLAIN = "http://list.example/u"
PAGE, WRITE = "https://list.example/u/1", "mailto:leave@list.example?subject=1"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("", None),
        ("List-Unsubscribe: <>", None),
        (f"List-Unsubscribe: <{WRITE}>", ([], WRITE, False)),
        (f"List-Unsubscribe: <{WRITE}>, (web)\n <{PAGE}>", ([PAGE], WRITE, False)),
        (f"List-Unsubscribe: {PAGE}", ([PAGE], None, False)),
        (
            f"List-Unsubscribe: <{PAGE}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click ",
            ([PAGE], None, True),
        ),
        (
            f"List-Unsubscribe: <{WRITE}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ([], WRITE, False),
        ),
        (
            f"List-Unsubscribe: <{PLAIN}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ([PLAIN], None, False),
        ),
        (
            "List-Unsubscribe: <ftp://list.example/u>",
            None,
        ),
    ],
)
def test_how_a_list_says_that_one_may_leave(
    fields: str, told: tuple[list[str], str | None, bool] | None
) -> None:
    shown = inspect_bytes(f"From: a@x.example\n{fields}\n\nHi".encode())["unsubscribe"]
    named = ("urls", "mailto", "one_click")
    assert shown == (dict(zip(named, told, strict=True)) if told else None)


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
