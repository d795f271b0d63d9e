"""A mail with a plain and an HTML reading: each is read once, however deep it is nested."""

import base64
from time import process_time

import pytest

from backend.domain.mail.mime.parameters import parse_parameters
from backend.domain.mail.parse import parse_message

PICTURE = "Content-Type: image/png; name=logo.png\nContent-ID: <logo>\n\nabc\n"
SHEET = "Content-Type: application/pdf; name=offer.pdf\n\nabc\n"
PLAIN = "Content-Type: text/plain\n\nIn plain words\n"
HTML = "Content-Type: text/html\n\n<p>In rich words</p>\n"
FOOTER = "Content-Type: text/html\n\n<p>Sent by a phone</p>\n"


def multipart(kind: str, *parts: str) -> str:
    boundary = f"{kind}-{len(parts)}"
    inner = "".join(f"--{boundary}\n{part}" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{inner}--{boundary}--\n"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            multipart("alternative", PLAIN, multipart("related", HTML, PICTURE)),
            id="HTML with its pictures",
        ),
        pytest.param(
            multipart("alternative", PLAIN, multipart("mixed", HTML, SHEET, FOOTER)),
            id="HTML around a file",
        ),
        pytest.param(
            multipart("mixed", multipart("alternative", PLAIN, multipart("related", HTML)), SHEET),
            id="all of it beside a file",
        ),
    ],
)
def test_the_plain_reading_is_not_followed_by_the_rich_one(mail: str) -> None:
    message = parse_message(f"From: mia@acme.example\n{mail}".encode())
    assert message.text.strip() == "In plain words"
    assert message.html is not None
    assert "In rich words" in message.html
    assert "In plain words" not in message.html


def test_an_alternative_of_one_reading_serves_both() -> None:
    mail = multipart("alternative", multipart("related", HTML, PICTURE))
    message = parse_message(f"From: mia@acme.example\n{mail}".encode())
    assert message.text.strip() == "In rich words"


def test_a_note_above_both_readings_is_in_both() -> None:
    note = "Content-Type: text/plain\n\nA note\n"
    mail = multipart("alternative", multipart("mixed", note, multipart("alternative", PLAIN, HTML)))
    message = parse_message(f"From: mia@acme.example\n{mail}".encode())
    assert message.html is not None
    assert "A note" in message.text
    assert "A note" in message.html


@pytest.mark.parametrize("filler", [" ", "a ", "x;", "(", "a" * 99])
def test_parameters_cost_no_more_than_their_length(filler: str) -> None:
    start = process_time()
    found = parse_parameters("text/plain; " + filler * (20_000 // len(filler)))
    assert found.value == "text/plain"
    assert process_time() - start < 1


WORDS = "Hello Kim, we need ten seats from July on.\nThanks, Mia\n"
ENCODED = base64.encodebytes(b"We take ten seats. Please send the contract to me. Thanks, Mia\n")


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (WORDS, WORDS),
        ("Hello\n\nsee you and thanks\n", "Hello\n\nsee you and thanks\n"),
        (
            f"{ENCODED.decode()}A list of seats\n",
            "We take ten seats. Please send the contract to me. Thanks, Mia\n\nA list of seats\n",
        ),
        ("V2UgdGFr\nZSB0ZW4u\n", "We take ten."),
        *((f"{few}\n", f"{few}\n") for few in ("Yes.", "ok", "call me", "ten seats", "はい。")),
        ("WWVz\n", "Yes"),
        ("T2s\n", "Ok"),
    ],
)
def test_words_under_a_label_of_base64_stay_words(body: str, read: str) -> None:
    head = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    assert parse_message((head + body).encode()).text == read


def test_lines_that_were_torn_inside_of_words_are_joined() -> None:
    flowed = "Content-Type: text/plain; format=flowed; delsp={}\n\n{}"
    torn = "We take forty se \nats.\n> How many do \n>  you take?\n-- \nMia\n"
    joined = "We take forty seats.\n> How many do you take?\n-- \nMia\n"
    assert parse_message(flowed.format("Yes", torn).encode()).text == joined
    assert parse_message(flowed.format("no", torn).encode()).text == torn
