"""Bytes to letters where senders and standards disagree."""

import pytest

from backend.domain.mime.charsets import decode_bytes
from backend.domain.parse import parse_message

JAPANESE = {
    "kanji": ("日本語", "日本語".encode("iso2022_jp")),
    "a circled digit": ("①", b"\x1b$B-!\x1b(B"),
    "half-width kana": ("ｱｲ", b"\x1b(I12\x1b(B"),
    "no way back to ASCII": ("日本", "日本".encode("iso2022_jp").removesuffix(b"\x1b(B")),
    "lines": ("日\n本", "日\n本".encode("iso2022_jp")),
    "another charset under this name": ("日本語", "日本語".encode("euc_jp")),
    "no escape at all, though it says so": ("Zoë", "Zoë".encode()),
}


@pytest.mark.parametrize(("text", "data"), JAPANESE.values(), ids=JAPANESE)
def test_japanese_as_it_is_sent(text: str, data: bytes) -> None:
    assert decode_bytes(data, "ISO-2022-JP") == text


def test_every_letter_of_the_standard_survives_the_way_round() -> None:
    text = "".join(chr(code) for code in range(0x3041, 0x3097)) + "亜腕弌熙纊"
    known = text.encode("iso2022_jp", "ignore")
    assert decode_bytes(known, "iso-2022-jp") == known.decode("iso2022_jp")


def test_a_subject_is_one_line_without_controls() -> None:
    raw = b"Subject: =?utf-8?q?Offer=1B=5B31m=0D=0A_=E2=80=AE2?=\n\nHi"
    assert parse_message(raw).subject == "Offer [31m 2"


def test_a_wide_space_in_a_subject_stays() -> None:
    assert parse_message("Subject: 新商品　価格\n\nHi".encode()).subject == "新商品　価格"


def test_half_a_character_is_replaced() -> None:
    assert decode_bytes(b"a+2D0-b+2D3cAQ-", "utf-7") == "a\ufffdb\U0001f401"


WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", WIDE)
def test_a_mail_saved_by_an_editor_is_read(encoding: str) -> None:
    mail = "From: mia@acme.example\r\nSubject: Größe\r\n\r\nGrüße\r\n".encode(encoding)
    message = parse_message(mail)
    assert message.sender is not None
    assert (message.sender.key, message.subject) == ("mia@acme.example", "Größe")
    assert message.text.strip() == "Grüße"


def test_nothing_but_zeros_is_an_empty_mail() -> None:
    assert parse_message(bytes(5000)).text.strip() == ""
