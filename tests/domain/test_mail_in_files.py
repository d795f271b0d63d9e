"""Mail that is inside of one file: signed as a whole, encrypted, or in Outlook's own format."""

import base64
import os
import struct
from time import process_time

import pytest

from backend.domain.mail.mime.cms import read_signed
from backend.domain.mail.mime.opening import REST, file_inside
from backend.domain.mail.mime.rtf import MAX_BYTES, read_rich_text, unpacked
from backend.domain.mail.mime.tnef import read_tnef
from backend.domain.mail.parse import parse_message
from backend.google.parsing import from_gmail_payload
from tests.support.sealed_mail import INNER, mail_of, outlook, signed, streamed

SMIME = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
TNEF = 'application/ms-tnef; name="winmail.dat"'


@pytest.mark.parametrize("seal", [signed, streamed], ids=["with lengths", "streamed"])
def test_a_signed_mail_is_read(seal: object) -> None:
    assert callable(seal)
    message = parse_message(mail_of(seal(INNER), SMIME, "From: mia@acme.example"))
    assert message.text == "Please renew for 40 seats."
    name = "smime, signed by Mia Lang.p7m" if seal is signed else "smime.p7m"
    told = [(one.filename, one.part_id) for one in message.attachments]
    assert told == [("order.pdf", "~.1"), (name, "")]
    assert file_inside(seal(INNER), "~.1") == b"%PDF-1.4"
    assert file_inside(seal(INNER), "~.7") is None


def test_it_is_read_alike_through_gmail() -> None:
    """Gmail hands out such a part apart, once somebody asks for it."""
    data = signed(INNER)
    payload = {
        "partId": "",
        "mimeType": "application/pkcs7-mime",
        "filename": "smime.p7m",
        "headers": [{"name": "Content-Type", "value": SMIME}],
        "body": {"size": len(data), "attachmentId": "a1"},
    }
    first = from_gmail_payload({"id": "1", "payload": payload})
    assert [(one.part_id, one.attachment_id) for one in first.deferred_parts] == [("", "a1")]
    whole = from_gmail_payload({"id": "1", "payload": payload}, {"": data}).parsed
    raw = parse_message(mail_of(data, SMIME))
    assert (whole.text, whole.attachments) == (raw.text, raw.attachments)


SEALED = {
    "S/MIME": mail_of(b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x03\xa0\x80", SMIME),
    "PGP": (
        b"Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        b"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN\n--b--\n"
    ),
}


@pytest.mark.parametrize("name", SEALED)
def test_what_cannot_be_opened_says_what_it_is(name: str) -> None:
    message = parse_message(SEALED[name])
    assert message.text.startswith(f"[This email is encrypted with {name}.")
    assert message.attachments


def test_outlooks_own_format_is_opened() -> None:
    data = outlook("See the order \u2013 Dana", "Bestellung Nr. 7.pdf", b"%PDF-1.4")
    message = parse_message(mail_of(data, TNEF))
    assert message.text == "See the order \u2013 Dana"
    told = [(one.filename, one.size, one.part_id) for one in message.attachments]
    assert told == [("Bestellung Nr. 7.pdf", 8, "~.0"), ("winmail.dat", len(data), "")]
    assert file_inside(data, "~.0") == b"%PDF-1.4"


def test_its_files_stand_beside_the_words_of_the_mail() -> None:
    data = outlook("", "a.pdf", b"x")
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n"
        b"--b\nContent-Type: application/octet-stream; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data) + b"--b--\n"
    )
    message = parse_message(raw)
    assert message.text == "Hello"
    assert [one.filename for one in message.attachments] == ["a.pdf", "winmail.dat"]


def test_a_broken_one_is_told_and_kept() -> None:
    message = parse_message(mail_of(b"\x78\x9f\x3e\x22", TNEF))
    assert message.text.startswith("[The text of this email is in Outlook's own format")
    assert [one.filename for one in message.attachments] == ["winmail.dat"]


# "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}", packed as the specification shows it.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770"
    "5b06c647d0a800fa0"
)
RICH = {
    "packed": (PACKED, "hello world"),
    "references that reach into what they write": (
        bytes.fromhex(
            "1a0000001c0000004c5a4675e2d44b5141000420575859 5a0d6e7d010eb0".replace(" ", "")
        ),
        "WXYZWXYZWXYZWXYZWXYZ",
    ),
    "other scripts, signs and tables": (
        (
            rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
            rb"{\*\generator X;}\f0 Gr\'fc\'dfe, \u8364 ?5 \{a\}\par {\f1 \'f4}\line "
            rb"\uc0\u-10179\u-8694 {\pict 0102}x\cell y\row}"
        ),
        "Grüße, €5 {a}\nф\n😊x\ty",
    ),
    "the text of a mail": (
        rb"{\rtf1\ansi\fromtext {\fonttbl{\f0 Arial;}}Hello\htmlrtf hidden\htmlrtf0 \par there}",
        "Hello\nthere",
    ),
    "the HTML of a mail": (
        (
            rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag18 <html><body>}{\*\htmltag64 <p>}"
            rb"\htmlrtf {\htmlrtf0 See {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 order"
            rb"{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0  7\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}"
            rb"{\*\mhtmltag84 <i>}{\*\htmltag27 </body></html>}}"
        ),
        "See order 7",
    ),
}


@pytest.mark.parametrize(("rich", "text"), RICH.values(), ids=RICH)
def test_rich_text_of_outlook_is_read(rich: bytes, text: str) -> None:
    packed = rich if rich[8:12] == b"LZFu" else _unpacked_form(rich)
    message = parse_message(mail_of(outlook("", "a.pdf", b"x", packed), TNEF))
    assert message.text.rstrip() == text
    assert ("<b>order</b>" in (message.html or "")) is (text == "See order 7")
    assert [one.filename for one in message.attachments] == ["a.pdf", "winmail.dat"]


def _unpacked_form(rich: bytes) -> bytes:
    return struct.pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich


def test_rich_text_is_read_up_to_its_bounds() -> None:
    assert (
        unpacked(struct.pack("<II4sI", 12, 0xFFFFFFFF, b"LZFu", 0) + b"\x00aaaaaaaa")[:2] == b"aa"
    )
    assert read_rich_text(b"{\\rtf1 x}") is None
    long = outlook("", "a.pdf", b"x", _unpacked_form(rb"{\rtf1 " + b"a " * MAX_BYTES))
    assert parse_message(mail_of(long, TNEF)).text.endswith(REST)
    assert read_rich_text(PACKED[:30]) is not None
    for hostile in (b"\\a" * 300_000, b"{" * 600_000, b"\\'e9" * 200_000, b"\\u8364 ?" * 70_000):
        start = process_time()
        assert read_rich_text(_unpacked_form(b"{\\rtf1 " + hostile)) is not None
        assert process_time() - start < 1


def test_a_signature_beside_a_mail_names_who_signed() -> None:
    raw = (
        b"Content-Type: multipart/signed; boundary=b\n\n--b\n"
        b"Content-Type: text/plain\n\nHello\n--b\nContent-Type: application/pkcs7-signature; "
        b"name=smime.p7s\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(signed(b"Hello", beside=True))
        + b"--b--\n"
    )
    message = parse_message(raw)
    assert message.text == "Hello"
    assert [one.filename for one in message.attachments] == ["smime, signed by Mia Lang.p7s"]


HOSTILE = {
    "endless boxes": b"\x30\x80" * 200_000,
    "endless elements": b"\x30\x80" + b"\x05\x00" * 2_000_000,
    "endless pieces": streamed(b"x", 1).replace(b"\x04\x01x", b"\x04\x01x" * 400_000),
    "noise": os.urandom(100_000),
    "too long": b"\x30\x84\xff\xff\xff\xff" * 1000,
    "endless attributes": b"\x78\x9f\x3e\x22\x01\x00" + b"\x00" * 4_000_000,
    "endless files": b"\x78\x9f\x3e\x22\x01\x00" + b"\x02\x02\x90\x06\x00" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one_costs_less_than_a_second(name: str) -> None:
    start = process_time()
    read_signed(HOSTILE[name])
    read_tnef(HOSTILE[name])
    assert process_time() - start < 1
