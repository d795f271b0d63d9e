"""Raw mail, broken as it comes: read whatever can be read, name what was wrong, never raise."""

import base64
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.mime.tree import MAX_PARTS
from backend.domain.mail.parse import parse_message


def multipart(*parts: str, kind: str = "mixed", closed: bool = True) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts) + ("--b--\n" if closed else "")
    return f'Content-Type: multipart/{kind}; boundary="b"\n\n{body}'.encode()


PLAIN, HTML = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>rich</p>"
FILE = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a.pdf"\n\nx'


def test_a_whole_message() -> None:
    message = parse_message(
        b"Message-ID: <a@x>\r\nIn-Reply-To: <p@x>\r\nReferences: <o@x>\r\n <p@x>\r\n"
        b"From: =?utf-8?q?Zo=C3=AB?= <zoe@x.example>\r\nTo: Mia <mia@y.example>\r\n"
        b"Cc: lea@y.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        b"Date: Tue, 1 Jul 2025 10:00:00 +0200\r\nX-Rapport-Send-Id: s-1\r\n\r\nHallo\r\n"
    )
    assert message.sender is not None
    assert (message.sender.name, message.sender.key) == ("Zoë", "zoe@x.example")
    assert (message.message_id, message.in_reply_to) == ("a@x", ("p@x",))
    assert message.references == ("o@x", "p@x")
    assert message.date is not None
    assert message.date.isoformat() == "2025-07-01T08:00:00+00:00"
    assert (message.subject, message.text, message.send_id) == ("Grüße", "Hallo\n", "s-1")
    assert message.headers["cc"] == ("lea@y.example",)
    assert message.defects == ()


BODIES = {
    "the plain form of alternatives": (multipart(PLAIN, HTML, kind="alternative"), "plain"),
    "HTML when there is nothing plain": (multipart(HTML, kind="alternative"), "rich"),
    "text after a file": (multipart(PLAIN, FILE, "\nfooter"), "plain\nfooter"),
    "both forms side by side": (
        multipart(PLAIN, "Content-Type: text/html\n\n<p>plain</p>"),
        "plain",
    ),
    "no boundary named": (multipart(PLAIN).replace(b'; boundary="b"', b""), "plain"),
    "no last boundary": (multipart(PLAIN, closed=False), "plain\n"),
    "a boundary that begins like another": (
        multipart("Content-Type: text/plain\n\nplain\n--bc\nmore"),
        "plain\n--bc\nmore",
    ),
    "line ends of the old Macintosh": (b"Subject: x\r\rHi\rthere\r", "Hi\nthere\n"),
    "mixed line ends": (b"Subject: x\r\nTo: a@x\n\r\nHi\r\nthere\n", "Hi\nthere\n"),
    "no empty line before the body": (b"Subject: x\nHi there\n\nyou\n", "Hi there\n\nyou\n"),
    "an envelope line of a mailbox file": (b"From a@x Tue Jul 1\nSubject: x\n\nHi", "Hi"),
    "no headers at all": (b"\n\nHi", "Hi"),
    "broken base64": (b"Content-Transfer-Encoding: base64\n\nSGVsbG8gV29ybGQhA", "Hello World!"),
    "base64 in two padded runs": (b"Content-Transfer-Encoding: base64\n\nSGk=\nSGk=\n", "HiHi"),
    "an unknown encoding": (b"Content-Transfer-Encoding: x-zip\n\nHi", "Hi"),
    "quoted-printable without end": (
        b"Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=\n=ZZ",
        "Grü=ZZ",
    ),
    "an impossible type": (b"Content-Type: text\n\nHi", "Hi"),
    "a multipart in base64": (
        b'Content-Type: multipart/mixed; boundary="b"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(b"--b\n\nplain\n--b--\n"),
        "plain",
    ),
}


@pytest.mark.parametrize(("raw", "text"), BODIES.values(), ids=BODIES)
def test_bodies(raw: bytes, text: str) -> None:
    assert parse_message(raw).text == text


@pytest.mark.parametrize(
    ("raw", "defect"),
    {
        "an unclosed boundary": (multipart(PLAIN, closed=False), "boundary_not_closed"),
        "two subjects": (b"Subject: a\nSubject: b\n\n", "duplicate_subject"),
        "an unknown encoding": (
            b"Content-Transfer-Encoding: x-zip\n\nHi",
            "unknown_transfer_encoding",
        ),
        "a header that is none": (b"Subject: a\n\x01?\nTo: b@x\n\n", "malformed_header_line"),
        "no sender": (b"Subject: a\n\n", "no_from"),
        "endless headers": (b"X: " + b"y" * 300_000 + b"\nZ: 1\n\n", "header_block_too_long"),
    }.values(),
)
def test_defects_are_named(raw: bytes, defect: str) -> None:
    assert defect in parse_message(raw).defects


def test_the_first_of_two_subjects_and_senders_counts() -> None:
    message = parse_message(b"From: a@x.example\nSubject: 1\nFrom: b@x.example\nSubject: 2\n\n")
    assert message.sender is not None
    assert (message.subject, message.sender.address) == ("1", "a@x.example")


def files(message: ParsedMessage) -> list[tuple[str | None, str, bool]]:
    return [(one.filename, one.content_type, one.inline) for one in message.attachments]


FILES = {
    "a file": (multipart(PLAIN, FILE), [("a.pdf", "application/pdf", False)]),
    "a picture of the HTML": (
        multipart(HTML, "Content-Type: image/png\nContent-ID: <i@x>\n\nx", kind="related"),
        [(None, "image/png", True)],
    ),
    "a forwarded message is one file": (
        multipart(PLAIN, "Content-Type: message/rfc822\n\nSubject: inner\n\ninner text"),
        [("inner.eml", "message/rfc822", False)],
    ),
    "an event": (
        multipart(PLAIN, "Content-Type: text/calendar\n\nBEGIN:VCALENDAR"),
        [("invite.ics", "text/calendar", False)],
    ),
    "a path in the name": (
        multipart(PLAIN, FILE.replace("a.pdf", "../../etc/a.pdf")),
        [("a.pdf", "application/pdf", False)],
    ),
    "uuencode in the text": (
        b"Subject: x\n\nSee:\nbegin 644 a.bin\n#0V%T\n`\nend\nBye\n",
        [("a.bin", "application/octet-stream", False)],
    ),
}


@pytest.mark.parametrize(("raw", "expected"), FILES.values(), ids=FILES)
def test_files(raw: bytes, expected: list[tuple[str | None, str, bool]]) -> None:
    assert files(parse_message(raw)) == expected


def test_an_attached_mail_is_named_and_its_files_are_listed() -> None:
    inner = multipart(PLAIN, FILE).decode().replace('"b"', '"k"').replace("--b", "--k")
    inner = f"Subject: =?utf-8?q?Order_7/8?=\nFrom: mia@acme.example\n{inner}"
    raw = multipart(PLAIN, f"Content-Type: message/rfc822\n\n{inner}")
    told = [(one.filename, one.part_id) for one in parse_message(raw).attachments]
    assert told == [("Order 7-8.eml", "1"), ("a.pdf", "1.0.1")]


EVENT = """BEGIN:VCALENDAR
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Berlin
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
{when}
SUMMARY:Review of the
  pilot\\, part 2
LOCATION:Room 4
ORGANIZER;CN=Mia Lang:mailto:mia@acme.example
ATTENDEE;PARTSTAT=ACCEPTED;CN="Berg, Kim":MAILTO:kim@ours.example
ATTENDEE:mailto:mia@acme.example
BEGIN:VALARM
DESCRIPTION:Ring
END:VALARM
DESCRIPTION:Bring the numbers\\nMia
END:VEVENT
END:VCALENDAR
"""
HOUR = "DTSTART;TZID=Europe/Berlin:20261203T090000\nDTEND;TZID=Europe/Berlin:20261203T103000"


@pytest.mark.parametrize(
    ("method", "when", "title", "told"),
    [
        ("REQUEST", HOUR, "Invitation", "Thursday 3 December 2026, 09:00 to 10:30 (Europe/Berlin)"),
        (
            "CANCEL",
            "DTSTART:20261203T230000Z\nDTEND:20261204T010000Z",
            "Cancelled",
            "Thursday 3 December 2026, 23:00 to Friday 4 December 2026, 01:00 UTC",
        ),
        ("REPLY", "DTSTART;VALUE=DATE:20261203", "Accepted", "Thursday 3 December 2026, all day"),
        (
            "PUBLISH",
            "DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261206",
            "Event",
            "Thursday 3 December 2026 to Saturday 5 December 2026",
        ),
    ],
)
def test_an_invitation_without_words_is_told_in_words(
    method: str, when: str, title: str, told: str
) -> None:
    event = EVENT.format(method=method, when=when)
    raw = f"Subject: x\nContent-Type: text/calendar; method={method}\n\n{event}"
    assert parse_message(raw.encode()).text == (
        f"{title}: Review of the pilot, part 2\nWhen: {told}\nWhere: Room 4\n"
        "People: Mia Lang <mia@acme.example> (organiser), Berg, Kim <kim@ours.example>\n\n"
        "Bring the numbers\nMia"
    )


def test_an_invitation_with_words_keeps_them() -> None:
    event = EVENT.format(method="REQUEST", when=HOUR)
    raw = multipart(PLAIN, f"Content-Type: text/calendar; method=REQUEST\n\n{event}")
    assert "Review" not in parse_message(raw).text


def test_uuencode_leaves_the_text() -> None:
    message = parse_message(b"Subject: x\n\nSee:\nbegin 644 a.bin\n#0V%T\n`\nend\nBye\n")
    assert message.text == "See:\nBye\n"
    assert message.attachments[0].size == 3


def test_a_thousand_parts_are_enough() -> None:
    message = parse_message(multipart(*["\nx"] * 3000))
    assert "too_many_parts" in message.defects
    assert message.text.count("x") < MAX_PARTS


def test_parts_nested_without_end_are_cut() -> None:
    nested = b"".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n'.encode() for n in range(3000)
    )
    assert "too_deep" in parse_message(nested).defects


def test_raw_eight_bit_headers_are_read_in_the_charset_of_the_body() -> None:
    raw = "Subject: Žluťoučký\nContent-Type: text/plain; charset=windows-1250\n\nkůň"
    message = parse_message(raw.encode("cp1250"))
    assert (message.subject, message.text) == ("Žluťoučký", "kůň")


def test_a_header_named_like_a_method_is_only_a_header() -> None:
    message = parse_message(b"__class__: x\nconstructor: y\n\nHi")
    assert message.first("constructor") == "y"


def test_eight_hundred_recipients_cost_less_than_half_a_second() -> None:
    raw = b"To: " + b",\r\n ".join(b'"L, %d" <m%d@x.example>' % (n, n) for n in range(800))
    start = process_time()
    assert len(parse_message(raw + b"\r\n\r\nHi").to) == 800
    assert process_time() - start < 0.5


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    message = parse_message(raw)
    assert "unreadable" not in message.defects
    assert "\x00" not in message.text


LINES = [
    b"Content-Type: multipart/mixed; boundary=b",
    b"Content-Type: text/html",
    b"--b",
    b"--b--",
    b"Content-Transfer-Encoding: base64",
    b"Content-Type: message/rfc822",
    b"From: a@x",
    b"",
    b"Subject: =?utf-8?b?/w==?=",
    b"\xff\xfe",
    b" folded",
    b'To: "',
    b"Date: x",
    b"begin 644 a",
    b"Content-Type: text/plain; charset=utf-16",
    b"Content-Disposition: attachment; filename*0*=x",
]


@given(st.lists(st.sampled_from(LINES), max_size=30), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_any_order_of_mail_lines_is_read(lines: list[bytes], end: bytes) -> None:
    assert "unreadable" not in parse_message(end.join(lines)).defects
