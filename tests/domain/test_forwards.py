"""Forwarded mail: what the text claims about the mail inside."""

import pytest

from backend.domain.mail.forwards import Forward, read_forward
from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import reply_text


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


GLUED = {
    "English": "----- Forwarded Message ----- From: Mia Lang <mia@acme.example>To: "
    '"kim@ours.example" <kim@ours.example>Sent: Monday, 2 March 2026, 09:26:50 GMT+1Subject: Offer',
    "German": "----- Weitergeleitete Nachricht ----- Von: Mia Lang <mia@acme.example>An: "
    "<kim@ours.example>CC: <bo@ours.example>Gesendet: Montag, 2. März 2026 MEZBetreff: Offer",
    "French": "----- Message transmis ----- De : Mia Lang <mia@acme.example>À : <kim@ours.example>"
    "Envoyé : lundi 2 mars 2026, 09:26:50 UTC+1Objet : Offer",
    "French, mail": "----- Mail transféré ----- De : Mia Lang <mia@acme.example>À : "
    "<kim@ours.example>Envoyé : lundi 2 mars 2026, 09:26:50 UTC+1Objet : Offer",
    "below the rule": "----- Forwarded Message -----\nFrom: Mia Lang <mia@acme.example>To: "
    "<kim@ours.example>Sent: Monday, 2 March 2026Subject: Offer",
    "Polish": "----- Przekazana wiadomość ----- Od: Mia Lang <mia@acme.example>Do: "
    "<kim@ours.example>Wysłano: poniedziałek, 2 marca 2026, 09:26:50 CETTemat: Offer",
}


@pytest.mark.parametrize("line", GLUED.values(), ids=GLUED)
def test_fields_on_one_line_are_taken_apart(line: str) -> None:
    found = read(f"See below.\n   {line}\n Hello", "Fwd: Offer")
    assert found is not None
    assert found.sender is not None
    assert (found.sender.name, found.sender.address) == ("Mia Lang", "mia@acme.example")
    assert found.subject == "Offer"
    assert "2026" in found.date


INTRODUCED = {
    "English": 'On 02/03/2026 12:46, "Mia Lang" <mia@acme.example> wrote:',
    "German": 'Am 02.03.2026, 12:46 schrieb "Mia Lang" <mia@acme.example>:',
    "Polish": "Dnia 02.03.2026, 12:46 użytkownik „Mia Lang” <mia@acme.example> napisał:",
    "French": "Le 02/03/2026 12:46, « Mia Lang » <mia@acme.example> a écrit :",
    "Finnish, date last": "Mia Lang <mia@acme.example> kirjoitti 2.3.2026 12.46:",
    "Korean": "2026년 3월 2일 오후 12:46, Mia Lang <mia@acme.example>님이 작성:",
    "Chinese": "在 2026/3/2 12:46，“Mia Lang” <mia@acme.example> 写入:",  # noqa: RUF001
    "two lines": "On 2 March 2026 at 12:46\nMia Lang <mia@acme.example> wrote:",
}


@pytest.mark.parametrize("line", INTRODUCED.values(), ids=INTRODUCED)
def test_a_line_above_the_mail_is_enough_when_the_subject_says_so(line: str) -> None:
    found = read(f"Can you help?\n\n{line}\n\n    Ten seats.\n", "[External] FW: Offer")
    assert found is not None
    assert found.sender is not None
    assert (found.sender.name, found.sender.key) == ("Mia Lang", "mia@acme.example")
    assert found.subject == "Offer"
    assert "2026" in found.date
    assert read(f"Can you help?\n\n{line}\n\n> Ten seats.\n", "Re: Offer") is None
    assert reply_text(f"Can you help?\n\n{line}\n\n    Ten seats.\n") == "Can you help?"


def test_a_notes_forward_names_its_sender_below_the_rule() -> None:
    found = read(
        "----- Forwarded by Kim Berg/Ours on 03/05/2026 09:14 AM -----\n\n"
        "             Mia Lang\n             <mia@acme.example>\n             03/03/2026 09:14\n"
    )
    assert found is not None
    assert found.sender is not None
    assert found.sender.key == "mia@acme.example"


def test_a_header_block_in_a_mail_that_answers_nothing_is_a_forward() -> None:
    block = "From: Mia <mia@acme.example>\nSent: 3 March 2026 09:14\nTo: k@x.example\nSubject: O\n"
    found = read(f"FYI\n\n________________________________\n{block}\nHello", "Ten seats")
    assert found is not None
    assert found.sender is not None
    assert found.sender.key == "mia@acme.example"
    assert read(f"Yes\n\n________________________________\n{block}\nHello", "SV: Seats") is None


@pytest.mark.parametrize("subject", ["RV: O", "VS: O", "Redir.: O", "Videresend: O", "İLT: O"])
def test_marks_of_other_languages(subject: str) -> None:
    block = "From: Mia <mia@acme.example>\nSent: 3 March 2026\nTo: k@x.example\nSubject: O\n"
    assert read(block, subject) is not None


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


@pytest.mark.parametrize(
    "rule", ["---------- Forwarded message ---------", "Begin forwarded message:"]
)
def test_a_forward_without_its_headers_is_still_one(rule: str) -> None:
    assert read(f"{rule}\nHello") == Forward(None, "", "")


BLOCKS = {
    "empty lines between the fields": (
        "-----Original Message-----\nFrom: Mia Lang <mia@acme.example>\n\nDate: 3 March 2026\n"
        "To:<kim@ours.example>\n\n\nSubject: Offer\n\nHello"
    ),
    "the subject first": (
        "-------- Original Message --------\nSubject: \tOffer\nDate: \tTue, 3 Mar 2026 09:14\n"
        "From: \tMia Lang <mia@acme.example>\nReply-To: \tx@y.example\nTo: \tkim@ours.example\n\nHi"
    ),
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_header_block_is_read_in_any_order_and_with_gaps(block: str) -> None:
    found = read(f"FYI\n\n{block}", "FW: Offer")
    assert found is not None
    assert found.sender is not None
    assert (found.sender.key, found.subject) == ("mia@acme.example", "Offer")
    assert "2026" in found.date
    assert reply_text(f"FYI\n\n{block}") == "FYI"


def test_a_long_subject_goes_on_in_the_next_line() -> None:
    text = FORWARDS["Gmail"].replace(
        "Subject: Offer", "Subject: An offer with many words that\ngoes on"
    )
    found = read(text)
    assert found is not None
    assert found.subject == "An offer with many words that goes on"


def test_an_answer_is_no_forward() -> None:
    assert read("Yes.\n\nOn 3 May 2026, Mia <mia@acme.example> wrote:\n> Coming?") is None
