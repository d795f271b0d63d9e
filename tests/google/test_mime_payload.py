"""Gmail's JSON: the same mail as from raw bytes, and no payload that breaks the reader."""

import base64
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.bounces.detection import read_bounce
from backend.domain.mail.kinds import MailKind, classify
from backend.google.parsing import from_gmail_payload


def data(text: str | bytes) -> dict[str, Any]:
    raw = text.encode() if isinstance(text, str) else text
    return {"size": len(raw), "data": base64.urlsafe_b64encode(raw).decode().rstrip("=")}


def headers(**fields: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in fields.items()]


def resource(payload: object, **more: object) -> dict[str, Any]:
    return {"id": "18f", "threadId": "18e", "payload": payload, **more}


WHOLE = resource(
    {
        "partId": "",
        "mimeType": "multipart/mixed",
        "filename": "",
        "headers": headers(
            From="Zoë <zoe@x.example>",
            To="mia@y.example",
            Subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
            Date="Tue, 1 Jul 2025 10:00:00 +0200",
            Message_ID="<a@x>",
            X_Rapport_Send_Id="s-1",
        ),
        "body": {"size": 0},
        "parts": [
            {
                "partId": "0",
                "mimeType": "text/plain",
                "headers": headers(Content_Type="text/plain; charset=iso-8859-1"),
                "body": data("Grüße"),
            },
            {
                "partId": "1",
                "mimeType": "application/pdf",
                "filename": "Angebot.pdf",
                "headers": headers(Content_Disposition="attachment"),
                "body": {"size": 7, "attachmentId": "once-only"},
            },
        ],
    },
    historyId="12345678901234567890",
    internalDate="1751356800123",
    labelIds=["INBOX", "UNREAD"],
    snippet="Gr&uuml;&szlig;e",
    sizeEstimate=2048,
)


def test_a_whole_resource() -> None:
    fetched = from_gmail_payload(WHOLE)
    parsed = fetched.parsed
    assert (fetched.gmail_id, fetched.thread_id) == ("18f", "18e")
    assert fetched.history_id == 12345678901234567890
    assert fetched.label_ids == {"INBOX", "UNREAD"}
    assert fetched.internal_date == datetime(2025, 7, 1, 8, 0, 0, 123000, tzinfo=UTC)
    assert (parsed.subject, parsed.text, parsed.message_id) == ("Grüße", "Grüße", "a@x")
    assert parsed.send_id == "s-1"
    [file] = parsed.attachments
    assert (file.filename, file.size, file.part_id) == ("Angebot.pdf", 7, "1")
    assert fetched.deferred_parts == ()


def test_a_body_that_gmail_left_out_is_named_and_read_when_it_is_brought() -> None:
    large = resource(
        {
            "partId": "0",
            "mimeType": "text/html",
            "headers": headers(From="a@x.example"),
            "body": {"size": 9, "attachmentId": "big"},
        }
    )
    [part] = from_gmail_payload(large).deferred_parts
    assert (part.part_id, part.attachment_id, part.content_type) == ("0", "big", "text/html")
    again = from_gmail_payload(large, {"0": b"<p>Hi</p>"})
    assert (again.parsed.text, again.deferred_parts) == ("Hi", ())


def test_a_message_inside_the_message_does_not_lend_it_its_body() -> None:
    inner = {
        "partId": "1",
        "mimeType": "message/rfc822",
        "body": {"size": 0},
        "parts": [
            {
                "partId": "1.0",
                "mimeType": "text/html",
                "headers": headers(Subject="inner"),
                "body": data("<p>inner</p>"),
            }
        ],
    }
    outer = {"partId": "0", "mimeType": "text/plain", "body": data("outer")}
    parsed = from_gmail_payload(
        resource({"mimeType": "multipart/mixed", "parts": [outer, inner]})
    ).parsed
    assert (parsed.text, parsed.html) == ("outer", None)
    assert [one.content_type for one in parsed.attachments] == ["message/rfc822"]


def test_a_bounce_is_read_from_the_parts_as_gmail_splits_them() -> None:
    status = {
        "partId": "1",
        "mimeType": "message/delivery-status",
        "body": {"size": 0},
        "parts": [
            {"partId": "1.0", "mimeType": "text/plain", "headers": headers(Reporting_MTA="dns; x")},
            {
                "partId": "1.1",
                "mimeType": "text/plain",
                "headers": headers(
                    Final_Recipient="rfc822; mia@y.example",
                    Action="failed",
                    Status="5.1.1",
                    Diagnostic_Code="smtp; 550 no such user",
                ),
            },
        ],
    }
    returned = {
        "partId": "2",
        "mimeType": "message/rfc822",
        "body": {"size": 0},
        "parts": [
            {
                "partId": "2.0",
                "mimeType": "text/plain",
                "headers": headers(Message_ID="<ours@x>", X_Rapport_Send_Id="s-1"),
            }
        ],
    }
    parsed = from_gmail_payload(
        resource(
            {
                "mimeType": "multipart/report",
                "headers": headers(
                    From="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
                    Content_Type='multipart/report; report-type="delivery-status"; boundary="b"',
                ),
                "parts": [
                    {"partId": "0", "mimeType": "text/plain", "body": data("Not found")},
                    status,
                    returned,
                ],
            }
        )
    ).parsed
    found = read_bounce(parsed)
    assert classify(parsed) is MailKind.BOUNCE
    assert found is not None
    assert [one.address for one in found.recipients] == ["mia@y.example"]
    assert (found.send_id, found.original_message_id) == ("s-1", "ours@x")


def test_words_that_were_labelled_base64_are_told_and_not_shown_as_noise() -> None:
    """Gmail decodes what is labelled so: the letters are left, without spaces and marks."""
    words = "Hello Kim, we need ten seats from July on. Please send it, Ada"
    labelled = headers(content_type="text/plain", Content_Transfer_Encoding="base64")
    noise = base64.b64decode("".join(filter(str.isalpha, words)) + "===")
    found = from_gmail_payload(resource({"headers": labelled, "body": data(noise)})).parsed
    assert found.text.startswith("HelloKimweneedtenseatsfromJulyon")
    assert "read it in Gmail" in found.text
    assert "not_base64" in found.defects
    for real in (
        "Hello Kim",
        "Grüße aus Köln",
        "Добрый день",
    ):
        told = from_gmail_payload(resource({"headers": labelled, "body": data(real)})).parsed
        assert told.text == real
        assert "not_base64" not in told.defects


def test_a_payload_nested_without_end_is_cut() -> None:
    payload: dict[str, Any] = {"mimeType": "text/plain", "body": data("deep")}
    for _ in range(200):
        payload = {"mimeType": "multipart/mixed", "parts": [payload]}
    assert "too_deep" in from_gmail_payload(resource(payload)).parsed.defects


KEYS = [
    "id",
    "payload",
    "headers",
    "name",
    "value",
    "parts",
    "body",
    "data",
    "size",
    "mimeType",
    "filename",
    "partId",
    "attachmentId",
    "historyId",
    "internalDate",
    "labelIds",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["id", "payload", "internalDate", "labelIds"]), JSON))
def test_any_json_is_read(broken: dict[str, Any]) -> None:
    fetched = from_gmail_payload(broken)
    assert "unreadable" not in fetched.parsed.defects


def test_what_no_database_keeps_is_left_out_of_names_types_and_headers() -> None:
    part = {
        "partId": "1",
        "mimeType": "application/x\x00y",
        "filename": "folder/a\x00\ud800b.pdf",
        "headers": headers(Content_ID="<c\x00d>", Content_Disposition="x; filename*=utf-8''\ud800"),
        "body": data("x"),
    }
    head = headers(Subject="A\x00\udfff", From="D\x00 <d\ud800@x.example>", **{"X\x00": "y"})
    whole = {"partId": "", "mimeType": "multipart/mixed", "headers": head, "parts": [part]}
    mail = from_gmail_payload(resource(whole, snippet="a\x00b"))
    assert repr(mail).count("\\x00") == repr(mail).count("\\ud") == 0
    assert [one.filename for one in mail.parsed.attachments] == ["ab.pdf"]
