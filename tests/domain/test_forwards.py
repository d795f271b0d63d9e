"""Forwarded mail: what the text claims about the mail inside."""

import pytest

from backend.domain.forwards import Forward, read_forward
from backend.domain.parse import parse_message
from backend.domain.reply_text import reply_text


def read(text: str, subject: str = "FYI") -> Forward | None:
    head = f"From: kim@ours.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8"
    return read_forward(parse_message(f"{head}\n\n{text}".encode()))


FORWARDS = {
    "Gmail": (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Mia Lang <mia@acme.example>\n"
        "Date: Tue, Mar 3, 2026 at 9:14 AM\nSubject: Offer\nTo: <kim@ours.example>\n\nHello"
    ),
    "Apple Mail": (
        "FYI\n\nBegin forwarded message:\n\nFrom: Mia Lang <mia@acme.example>\nSubject: Offer\n"
        "Date: 3 March 2026 at 09:14:00 CET\nTo: kim@ours.example\n\nHello"
    ),
    "German": (
        "---------- Weitergeleitete Nachricht ---------\nVon: Mia Lang <mia@acme.example>\n"
        "Datum: Di., 3. März 2026\nBetreff: Offer\nAn: kim@ours.example\n\nHallo"
    ),
    "Croatian, quoted": (
        "> Započni proslijeđenu poruku:\n>\n> Šalje: Mia Lang <mia@acme.example>\n"
        "> Predmet: Offer\n> Datum: 3. ožujka 2026.\n> Prima: kim@ours.example\n>\n> Bok"
    ),
    "Turkish": (
        "-------- İletilen İleti --------\nKonu: \tOffer\nTarih: \tTue, 3 Mar 2026 09:14:00 +0300\n"
        "Kimden: \tMia Lang <mia@acme.example>\nKime: \tkim@ours.example\n\nMerhaba"
    ),
    "links inside the address": (
        "---------- Forwarded message ----------\nSubject: Offer\nDate: 3 March 2026 at 09:14\n"
        "From: Mia Lang <mia@acme.example<mailto:mia@acme.example>>\n\nHello"
    ),
}


@pytest.mark.parametrize("text", FORWARDS.values(), ids=FORWARDS)
def test_the_inner_sender_is_found(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.sender is not None
    assert (found.sender.name, found.sender.key) == ("Mia Lang", "mia@acme.example")
    assert found.subject == "Offer"
    assert "2026" in found.date


def test_a_header_block_is_one_when_the_subject_says_so() -> None:
    text = (
        "From: Mia Lang [mailto:mia@acme.example]\nSent: 3 March 2026 09:14\n"
        "To: kim@ours.example\nSubject: Offer\n\nHello"
    )
    found = read(text, "FW: Offer")
    assert found is not None
    assert found.sender is not None
    assert (found.sender.name, found.sender.key) == ("Mia Lang", "mia@acme.example")
    assert read(text, "RE: Offer") is None


def test_yahoo_puts_all_on_one_line() -> None:
    line = "----- Forwarded Message ----- From: Mia <mia@acme.example>To: Kim <kim@ours.example>"
    text = f"See below.\n  {line}\n\nHello"
    found = read(text)
    assert found is not None
    assert found.sender is not None
    assert found.sender.key == "mia@acme.example"
    assert reply_text(text) == "See below."


def test_a_mail_attached_whole_is_a_forward() -> None:
    raw = (
        b'From: kim@ours.example\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nFYI\n--b\n'
        b"Content-Type: message/rfc822\n\nFrom: Mia <mia@acme.example>\nSubject: Offer\n\nHi\n"
        b"--b--\n"
    )
    found = read_forward(parse_message(raw))
    assert found is not None
    assert found.sender is not None
    assert (found.sender.key, found.subject) == ("mia@acme.example", "Offer")


def test_a_forward_without_its_headers_is_still_one() -> None:
    assert read("---------- Forwarded message ---------\nHello") == Forward(None, "", "")


def test_an_answer_is_no_forward() -> None:
    assert read("Yes.\n\nOn 3 May 2026, Mia <mia@acme.example> wrote:\n> Coming?") is None
