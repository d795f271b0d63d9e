"""One reading: sync makes of Gmail's parts what `rapport inspect-mail` makes of the file."""

from base64 import encodebytes

import pytest

from backend.domain.mail.bounces.detection import read_bounce
from backend.domain.mail.forwards import read_forward
from backend.domain.mail.kinds import classify
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import own_text
from backend.google.deferred import wanted_parts
from backend.google.parsing import from_gmail_payload
from backend.simulator.mail.payload import attachment, payload_of
from tests.support.sealed_mail import INNER, mail_of, outlook, signed

HEAD = (
    "From: Lang, Mia <mia@a.example>\nTo: SMTP:kim@ours.example\nDate: 1 Jul 2026 (x) 10:00 +0200\n"
)
REPORT = (
    "Subject: Delivery Status Notification (Failure)\nContent-Type: multipart/report;"
    " report-type=delivery-status; boundary={0}\n\n--b\nContent-Type: text/plain\n\nSorry.\n"
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n\n"
    "Final-Recipient: rfc822;bo@b.example\nAction: failed\nStatus: 5.1.1\n--b\n"
    "Content-Type: message/rfc822\n\nSubject: Offer\nMessage-ID: <ours@x>\n\nHi\n--b--\n"
)
MAILS = {
    "a report": (HEAD + REPORT.format("b")).encode(),
    "a report with a broken boundary": (HEAD + REPORT.format("c")).encode(),
    "an invitation": (
        f"{HEAD}Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n"
        "BEGIN:VEVENT\nSUMMARY:Review\nDTSTART:20261203T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode(),
    "a forward": (
        f"{HEAD}Subject: FW: Offer\nContent-Type: text/plain; charset=utf-8\n\nSee below.\n\n"
        "Am 02.06.2026, 12:46 schrieb Bert <bert@b.example>:\n\n    Ten seats.\n"
    ).encode(),
    "an attached mail": (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "Hi\n--b\nContent-Type: message/rfc822\n\nSubject: Order\nFrom: bert@b.example\n"
        "Content-Type: multipart/mixed; boundary=k\n\n--k\nContent-Type: text/plain\n\nTen\n"
        "--k\nContent-Type: application/pdf; name=a.pdf\n\nx\n--k--\n\n--b--\n"
    ).encode(),
    "a signed mail": mail_of(signed(INNER), "application/pkcs7-mime; name=smime.p7m", HEAD[:-1]),
    "a signature beside a mail": (
        f"{HEAD}Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHi"
        "\n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n"
        "Content-Transfer-Encoding: base64\n\n"
        f"{encodebytes(signed(b'Hi', beside=True)).decode()}--b--\n"
    ).encode(),
    "winmail.dat": mail_of(outlook("Hi", "a.pdf", b"x"), "application/ms-tnef", HEAD[:-1]),
    "torn lines": (
        f"{HEAD}Content-Type: text/plain; format=flowed; delsp=yes\n\nforty se \nats\n"
    ).encode(),
}


def through_gmail(raw: bytes) -> ParsedMessage:
    """As sync reads it: the parts that Gmail holds back are asked for."""
    resource = {"id": "1", "threadId": "1", "payload": payload_of(raw)}
    parts = [one.part for one in wanted_parts(from_gmail_payload(resource))]
    fetched = {one.part_id: attachment(raw, one.attachment_id) or b"" for one in parts}
    return from_gmail_payload(resource, fetched).parsed


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
def test_sync_and_inspection_read_alike(raw: bytes) -> None:
    live, file = through_gmail(raw), parse_message(raw)
    assert classify(live) is classify(file)
    assert read_bounce(live) == read_bounce(file)
    assert read_forward(live) == read_forward(file)
    assert own_text(live) == own_text(file)
    assert (live.sender, live.to, live.date) == (file.sender, file.to, file.date)
    assert [(one.filename, one.part_id) for one in live.attachments] == [
        (one.filename, one.part_id) for one in file.attachments
    ]
