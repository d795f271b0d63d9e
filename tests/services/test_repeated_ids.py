"""Scanners, form mailers and broken programs repeat a Message-ID: no mail is taken for another."""

from base64 import b64encode

import pytest

from backend.domain.ids import MessageId
from backend.queries.why import why
from backend.services import logging_mail, timeline
from backend.services.importing import syncing
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.open_mail import copies, nonce, opened

ONE_ID = "<scan@device.example>"
DATE = "Thu, 26 Nov 2026 09:00:00 +0000"


@pytest.fixture
def company(quiet_company: Company) -> Company:
    return quiet_company


def scan(company: Company, subject: str, *to: str, date: str = DATE) -> str:
    """A mail of one device, which knows one Message-ID; its Gmail id in the first mailbox."""
    raw = (
        f"From: {DANA}\r\nTo: {', '.join(to)}\r\nSubject: {subject}\r\n"
        f"Date: {date}\r\nMessage-ID: {ONE_ID}\r\n\r\nHi"
    )
    return copies(company, {"raw_base64": b64encode(raw.encode()).decode()})[to[0]]


def subjects(company: Company) -> list[str]:
    """The subjects in the timeline."""
    return [
        subject
        for (subject,) in company.rows(
            "SELECT m.subject FROM messages m JOIN log_entries l ON l.message_id = m.id"
            " WHERE l.removed_at IS NULL ORDER BY m.subject"
        )
    ]


def test_what_was_taken_out_for_good_stays_out_and_nothing_else_does(company: Company) -> None:
    mail = opened(company, scan(company, "Order 1", ROBIN, KIM))
    logging_mail.log(company.deps, company.actor(ROBIN), opened=mail, nonce=nonce())
    stored = MessageId(company.value("SELECT id FROM messages"))
    assert timeline.take_out(company.deps, company.actor(ROBIN), stored).for_good
    scan(company, "Order 2", KIM)
    scan(company, "Order 1", KIM, date="Fri, 27 Nov 2026 10:00:00 +0000")
    company.connected(KIM)
    assert subjects(company) == ["Order 1", "Order 2"]
    assert company.value("SELECT count(*) FROM decisions WHERE reason = 'unlogged'") == 2


def test_what_was_taken_out_and_is_stored_stays_out_and_nothing_else_does(company: Company) -> None:
    scan(company, "Order 1", ROBIN)
    scan(company, "Order 2", ROBIN, KIM)
    company.connected(ROBIN)
    second = MessageId(company.value("SELECT id FROM messages WHERE subject = 'Order 2'"))
    timeline.take_out(company.deps, company.actor(ROBIN), second)
    scan(company, "Order 3", KIM)
    company.connected(KIM)
    assert subjects(company) == ["Order 1", "Order 3"]
    assert company.value("SELECT count(*) FROM decisions WHERE reason = 'unlogged'") == 2
    found = why(company.deps, company.actor(ANA), asked=ONE_ID)
    assert found.several
    assert {one.mail.subject: one.outcome for one in found.decisions if one.mail} == {
        "Order 1": "Logged",
        "Order 2": "Not logged",
        "Order 3": "Logged",
    }


BOUNCE = """\
From: Mail Delivery Subsystem <mailer-daemon@northwind.example>
To: {to}
Subject: Undelivered mail
Message-ID: <report-{name}@northwind.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.northwind.example

Final-Recipient: rfc822; {name}@northwind.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822-headers

Message-ID: {id}

--b--
"""


def test_a_report_is_on_the_mail_that_went_to_the_address_it_names(company: Company) -> None:
    """A scanner that sends by Gmail's SMTP keeps its own Message-ID."""
    company.connected(ROBIN)
    (key,) = company.rows("SELECT workspace_id, id FROM mailboxes")
    for name in ("first", "second"):
        raw = (
            f"From: {ROBIN}\r\nTo: {name}@northwind.example, {DANA}\r\nSubject: Scan for {name}\r\n"
            f"Date: {DATE}\r\nMessage-ID: {ONE_ID}\r\n\r\nHi"
        )
        encoded = b64encode(raw.encode()).decode()
        copies(company, {"raw_base64": encoded, "to": [ROBIN], "labels": ["SENT"]})
    syncing.sync_mailbox(company.deps, *key)
    for name in ("first", "second"):
        raw = BOUNCE.format(to=ROBIN, name=name, id=ONE_ID).replace("\n", "\r\n")
        copies(company, {"raw_base64": b64encode(raw.encode()).decode()})
    syncing.sync_mailbox(company.deps, *key)
    failed = company.rows(
        "SELECT b.key, m.subject, r.conversation_id = m.conversation_id FROM bounces b"
        " JOIN messages m ON m.id = b.message_id JOIN messages r ON r.id = b.report_id ORDER BY 1"
    )
    assert failed == [
        (f"{name}@northwind.example", f"Scan for {name}", True) for name in ("first", "second")
    ]
