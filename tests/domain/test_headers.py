"""Ids, dates and outgoing text of headers; encoded words and parameters."""

from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.headers import message_id, message_ids, outgoing_text, parse_date
from backend.domain.mail.mime.charsets import decode_bytes, decode_converted
from backend.domain.mail.mime.parameters import parse_parameters
from backend.domain.mail.mime.words import decode_words

IDS = {
    "several ids": ("<a@x> <b@x>", ("a@x", "b@x")),
    "prose around an id": ("Your mail of Monday <a@x> (thanks)", ("a@x",)),
    "an id twice": ("<a@x><a@x>", ("a@x",)),
    "an id broken by folding": ("<a\r\n b@x>", ("ab@x",)),
    "letter case is kept": ("<A@x> <a@x>", ("A@x", "a@x")),
    "no brackets": ("a@x", ("a@x",)),
    "prose only": ("your message of Monday", ()),
    "encoded by a careless program": ("=?utf-8?q?=3Ca=40x=3E?=", ("a@x",)),
    "an endless id is none": (f"<{'a' * 2000}@x>", ()),
    "empty brackets": ("<> < >", ()),
}


@pytest.mark.parametrize(("header", "expected"), IDS.values(), ids=IDS)
def test_ids(header: str, expected: tuple[str, ...]) -> None:
    assert message_ids(header) == expected


def test_a_message_id_without_at_sign_is_taken_as_it_stands() -> None:
    assert message_id("20260101.7") == "20260101.7"
    assert message_id("  ") is None


DATES = {
    "a zone": ("Tue, 1 Jul 2025 10:00:00 +0200", datetime(2025, 7, 1, 8, tzinfo=UTC)),
    "no zone counts as UTC": ("1 Jul 2025 10:00:00 -0000", datetime(2025, 7, 1, 10, tzinfo=UTC)),
    "an old zone name": ("1 Jul 2025 10:00:00 EST", datetime(2025, 7, 1, 15, tzinfo=UTC)),
    "ISO 8601": ("2025-07-01T10:00:00+02:00", datetime(2025, 7, 1, 8, tzinfo=UTC)),
    "no date": ("yesterday", None),
    "a zone behind its name": ("1 Jul 2025 10:00 GMT+02:00", datetime(2025, 7, 1, 8, tzinfo=UTC)),
    "parts of a second": ("1 Jul 2025 10:00:00.123 +0200", datetime(2025, 7, 1, 8, tzinfo=UTC)),
    "half a day": ("1 Jul 2025 1:00:00 PM +0200", datetime(2025, 7, 1, 11, tzinfo=UTC)),
    "noon": ("1 Jul 2025 12:00:00 p.m. +0000", datetime(2025, 7, 1, 12, tzinfo=UTC)),
    "a bracket inside a comment": (
        "1 Jul 2025 (\\) noon) 10:00:00 +0200",
        datetime(2025, 7, 1, 8, tzinfo=UTC),
    ),
    "comments between all parts": (
        "Tue (day), 1 Jul 2025 (hot (very)) 10:00:00 (noon) +0200 (CEST)",
        datetime(2025, 7, 1, 8, tzinfo=UTC),
    ),
    "a comment that is never closed": (
        "1 Jul 2025 10:00:00 +0200 (CEST",
        datetime(2025, 7, 1, 8, tzinfo=UTC),
    ),
    "nothing": ("", None),
    "an impossible day": ("32 Jul 2025 10:00:00 +0000", None),
    "a year beyond reckoning": ("1 Jan 99999 00:00:00 +0000", None),
}


@pytest.mark.parametrize(("header", "expected"), DATES.values(), ids=DATES)
def test_dates(header: str, expected: datetime | None) -> None:
    assert parse_date(header) == expected


ATTACKS = {
    "a line break": "Hi\r\nBcc: v@y.example",
    "an encoded line break": "=?utf-8?q?Hi=0D=0ABcc:_v=40y.example?=",
    "a doubly encoded line break": "=?utf-8?q?=3D=3Futf-8=3Fq=3FHi=3D0D=3D0ABcc:_v=3F=3D?=",
    "a base64 line break": "=?utf-8?b?SGkNCkJjYzogdkB5?=",
    "a Unicode line separator": "Hi\u2028Bcc: v@y.example",
    "a NUL and a next-line": "Hi\x00\x85Bcc: v",
}


@pytest.mark.parametrize("subject", ATTACKS.values(), ids=ATTACKS)
def test_outgoing_text_is_one_line_without_encoded_words(subject: str) -> None:
    for text in (outgoing_text(subject), outgoing_text(outgoing_text(subject))):
        assert not any(char in text for char in "\r\n\x00\x85\u2028")
        assert "=?" not in text


@given(st.text())
def test_outgoing_text_needs_no_second_pass(text: str) -> None:
    once = outgoing_text(text)
    assert outgoing_text(once) == once
    assert len(once) <= 900


WORDS = {
    "a character cut in two words": ("=?utf-8?q?G=C3?= =?utf-8?q?=BC?=", "Gü"),
    "missing padding": ("=?utf-8?b?R8O8?= =?utf-8?B?w58?=", "Güß"),
    "a question mark left in it": ("=?utf-8?q?What?_Now?=", "What? Now"),
    "a language tag": ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    "raw eight-bit characters in it": ("=?iso-8859-1?q?Fr\u00f6sche?=", "Frösche"),
    "an unknown charset": ("=?x-nobody?q?Gr=C3=BC?=", "Grü"),
    "a charset that is no text": ("=?rot13?q?Uryyb?=", "Uryyb"),
    "a wrong charset": ("=?utf-8?q?Gr=FC?=", "Grü"),
    "text around it stays": ("Re: =?utf-8?q?a?= b", "Re: a b"),
    "no end": ("=?utf-8?q?abc", "=?utf-8?q?abc"),
    "Japanese": ("=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "テスト"),
}


@pytest.mark.parametrize(("header", "expected"), WORDS.values(), ids=WORDS)
def test_encoded_words(header: str, expected: str) -> None:
    assert decode_words(header) == expected


PARAMETERS = {
    "a quoted name": ('attachment; filename="a b.pdf"', "a b.pdf"),
    "an unquoted name with spaces": ("attachment; filename=a b.pdf", "a b.pdf"),
    "RFC 2231": ("attachment; filename*=UTF-8''na%C3%AFve.txt", "naïve.txt"),
    "RFC 2231 without charset": ("attachment; filename*=na%C3%AFve.txt", "naïve.txt"),
    "continuations out of order": ('a; filename*1="b.txt"; filename*0="a"', "ab.txt"),
    "encoded and plain continuations": (
        "a; filename*0*=iso-8859-1''na%EFv; filename*1=\"e.txt\"",
        "naïve.txt",
    ),
    "an encoded word": ('attachment; filename="=?utf-8?q?na=C3=AFve.txt?="', "naïve.txt"),
    "a missing quote": ('attachment; filename="a.txt', "a.txt"),
    "an escaped quote": (r'attachment; filename="a \"b\".txt"', 'a "b".txt'),
}


@pytest.mark.parametrize(("header", "name"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters(header: str, name: str) -> None:
    assert parse_parameters(header).params["filename"] == name


def test_a_forgotten_semicolon_does_not_hide_the_charset() -> None:
    assert parse_parameters("text/plain charset=utf-8") == ("text/plain", {"charset": "utf-8"})


BYTES = {
    "the claim holds": ("Zoë".encode("cp1252"), "iso-8859-1", "Zoë"),
    "ASCII with more in it": ("Zoë".encode(), "us-ascii", "Zoë"),
    "UTF-8 that is none": (b"Zo\xeb", "utf-8", "Zoë"),
    "UTF-8 cut in the middle": ("Zoë Zoë Zoë".encode()[:-1], "utf-8", "Zoë Zoë Zo\ufffd"),
    "an unknown claim": ("Zoë".encode(), "x-unknown", "Zoë"),
    "Windows quotes under a smaller name": (b"\x93Hi\x94", "iso-8859-1", "“Hi”"),
    "GBK under the name of GB2312": ("镕".encode("gbk"), "gb2312", "镕"),
    "NUL goes": (b"a\x00b", "utf-8", "ab"),
}


@pytest.mark.parametrize(("data", "charset", "text"), BYTES.values(), ids=BYTES)
def test_charsets(data: bytes, charset: str, text: str) -> None:
    assert decode_bytes(data, charset) == text


def test_a_provider_may_have_converted_to_utf_8_and_kept_the_old_claim() -> None:
    assert decode_converted("Zoë".encode(), "iso-8859-1") == "Zoë"
    assert decode_converted("テスト".encode("iso-2022-jp"), "iso-2022-jp") == "テスト"
    assert decode_converted(b"Zo\xeb", "iso-8859-1") == "Zoë"


@pytest.mark.parametrize("unit", ["=?a?q?", "=?utf-8?q?a?=", "=?a?b?a?", "=", "?", "=?"])
def test_hostile_words_cost_less_than_a_second(unit: str) -> None:
    start = process_time()
    decode_words(unit * (100_000 // len(unit)))
    assert process_time() - start < 1
