"""How a mail looks through format=full (gmail-sync.md §1.1): decoded headers, parts, files."""

import base64
from typing import Any

import pytest

from tests.simulator.google import KIM, ROBIN, Google, body, full, headers_of, mail, send


def filed(google: Google, raw: bytes) -> Any:
    users = google.users()
    ident = users.messages().insert(userId="me", body=body(raw)).execute()["id"]
    return full(users, ident)


def data(part: Any) -> bytes:
    return base64.urlsafe_b64decode(part["body"]["data"])


def test_encoded_headers_arrive_decoded_and_unfolded(google: Google) -> None:
    raw = (
        b"Subject: =?utf-8?q?Caf=C3=A9?=\r\n =?utf-8?q?_au_lait?=\r\n"
        b"From: =?iso-8859-1?q?J=F6rg?= <j@x.example>\r\nX-Long: one\r\n two\r\n\r\nhi"
    )
    headers = headers_of(filed(google, raw))
    assert headers["subject"] == "Café au lait"
    assert headers["from"] == "Jörg <j@x.example>"
    assert headers["x-long"] == "one two"


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("base64", b"Z3LDvG4="),
        ("base64", b"Z3LD\r\nvG4"),
        ("quoted-printable", b"gr=C3=BCn"),
        ("8bit", "grün".encode()),
        ("unheard-of", "grün".encode()),
    ],
)
def test_transfer_encodings_are_undone(google: Google, encoding: str, written: bytes) -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    message = filed(google, raw + encoding.encode() + b"\r\n\r\n" + written)
    assert data(message["payload"]) == "grün".encode()
    assert message["snippet"] == "grün"


def test_the_charset_of_a_body_is_left_to_the_reader(google: Google) -> None:
    raw = b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\ngr\xfcn"
    message = filed(google, raw)
    assert data(message["payload"]) == b"gr\xfcn"
    assert message["snippet"] == "grün"


def test_parts_are_numbered_as_gmail_does(google: Google) -> None:
    message = mail(KIM, "Parts")
    message.add_alternative("<p>hi</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    payload = full(google.users(), send(google.users(), message)["id"])["payload"]
    assert payload["partId"] == ""
    assert payload["mimeType"] == "multipart/mixed"
    alternative, pdf = payload["parts"]
    assert (alternative["partId"], pdf["partId"]) == ("0", "1")
    assert [one["partId"] for one in alternative["parts"]] == ["0.0", "0.1"]
    assert (pdf["filename"], pdf["mimeType"]) == ("a.pdf", "application/pdf")
    assert "data" not in pdf["body"]


def test_a_file_is_read_by_its_id_which_changes_each_time(google: Google) -> None:
    users = google.users()
    message = mail(KIM)
    message.add_attachment(b"\x00\xff" * 50, maintype="image", subtype="png", filename="é.png")
    ident = send(users, message)["id"]
    first, second = (full(users, ident)["payload"]["parts"][1] for _ in range(2))
    assert first["filename"] == "é.png"
    assert first["body"]["attachmentId"] != second["body"]["attachmentId"]
    for part in (first, second):
        request = (
            users.messages()
            .attachments()
            .get(userId="me", messageId=ident, id=part["body"]["attachmentId"])
        )
        assert base64.urlsafe_b64decode(request.execute()["data"]) == b"\x00\xff" * 50


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'attachment; filename="plain.txt"', "plain.txt"),
        (b"attachment; filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
        (b"attachment; filename*0=long-; filename*1=name.txt", "long-name.txt"),
        (b'attachment; filename="=?utf-8?q?caf=C3=A9.txt?="', "café.txt"),
        (b'attachment; filename="a\\"b.txt"', 'a"b.txt'),
    ],
)
def test_file_names_are_decoded(google: Google, disposition: bytes, name: str) -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
        b"Content-Type: text/plain\r\nContent-Disposition: " + disposition + b"\r\n\r\nx\r\n--b--"
    )
    assert filed(google, raw)["payload"]["parts"][1]["filename"] == name


def test_a_large_text_comes_as_an_attachment_id(google: Google) -> None:
    part = filed(google, b"Subject: x\r\n\r\n" + b"word " * 120_000)["payload"]
    assert part["mimeType"] == "text/plain"
    assert part["body"]["size"] == 600_000
    assert part["body"].keys() == {"attachmentId", "size"}


def test_a_forwarded_mail_is_a_part_with_parts(google: Google) -> None:
    raw = (
        b"Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntext\r\n--b--"
    )
    message = filed(google, raw)
    forwarded = message["payload"]["parts"][1]
    assert forwarded["mimeType"] == "message/rfc822"
    assert forwarded["parts"][0]["headers"] == [{"name": "Subject", "value": "inner"}]
    assert message["snippet"] == "see"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x00\x01\x02", id="no mail at all"),
        pytest.param(b"\r\n\r\n", id="blank lines"),
        pytest.param(b"Subject: x", id="a header without an end"),
        pytest.param(b"Content-Type: multipart/mixed\r\n\r\nx", id="no boundary"),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx", id="no last boundary"
        ),
        pytest.param(b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff", id="no charset"),
        pytest.param(b"Subject: =?utf-8?b?!!!?=\r\n\r\nx", id="no encoded word"),
        pytest.param(b"\xff\xfe: \xff\r\n\r\nx", id="a header name that is no text"),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 2000,
            id="only marks",
        ),
        pytest.param(
            b"Content-Type: message/rfc822\r\n\r\n" * 200, id="mails in mails without an end"
        ),
        pytest.param(
            b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000, id="remarks without an end"
        ),
    ],
)
def test_whatever_the_bytes_they_are_shown(google: Google, raw: bytes) -> None:
    assert filed(google, raw)["sizeEstimate"] == len(raw)


def test_the_snippet_of_html_is_its_text_escaped(google: Google) -> None:
    raw = b"Content-Type: text/html\r\n\r\n<style>p{}</style><p>1 &lt; 2</p><p>it's</p>"
    assert filed(google, raw)["snippet"] == "1 &lt; 2 it&#39;s"


def test_what_was_sent_has_crlf_line_ends_only(google: Google) -> None:
    users = google.users()
    ident = send(users, mail(f"{ROBIN}, {KIM}"))["id"]
    raw = users.messages().get(userId="me", id=ident, format="raw").execute()["raw"]
    assert b"\n" not in base64.urlsafe_b64decode(raw).replace(b"\r\n", b"")
