"""What a report says of mail that went out, however it was written."""

import pytest

from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.parse import parse_message
from backend.domain.sending.delivery_report import DIAGNOSTIC_CHARS, Outcome, Report, read_report
from backend.simulator.mail.bounce import FATES, UNKNOWN, Fate, bounce_for, complaint_for

SEND_ID = "5a3fd275-dd50-45c4-b4cb-5a64203aa3cf"
SENT = (
    f"Message-ID: <ours@mail.gmail.com>\r\nX-Rapport-Send-Id: {SEND_ID}\r\n"
    "To: mia@alpha.example\r\n\r\nHello"
).encode()
ROBIN, MIA = "robin@ours.example", "mia@alpha.example"


def read(raw: bytes) -> tuple[MailKind, Report | None]:
    message = parse_message(raw)
    kind = classify(message)
    return kind, read_report(message, kind)


@pytest.mark.parametrize(
    ("fate", "kind", "outcome"),
    [
        (UNKNOWN, MailKind.BOUNCE, Outcome.HARD),
        (FATES["full"], MailKind.BOUNCE, Outcome.SOFT),
        (FATES["refused"], MailKind.BOUNCE, Outcome.POLICY),
        (FATES["slow"], MailKind.AUTO_REPLY, Outcome.DELAYED),
    ],
    ids=["no such address", "full", "refused", "a delay is no bounce, and a report all the same"],
)
def test_a_delivery_report(fate: Fate, kind: MailKind, outcome: Outcome) -> None:
    raw = bounce_for(SENT, ROBIN, failed=MIA, fate=fate, at_ms=0)
    found, report = read(raw)
    assert report is not None
    assert (found, report.outcome, str(report.send_id)) == (kind, outcome, SEND_ID)
    assert report.message_id == "ours@mail.gmail.com"
    assert [(one.address, one.outcome) for one in report.told] == [(MIA, outcome)]


def test_what_a_server_says_is_bounded() -> None:
    long = bounce_for(SENT, ROBIN, failed=MIA, fate=UNKNOWN, at_ms=0)
    long = long.replace(b"Diagnostic-Code: smtp; 550", b"Diagnostic-Code: smtp; 550 " + b"x " * 900)
    _, report = read(long)
    assert report is not None
    assert len(report.told[0].diagnostic) <= DIAGNOSTIC_CHARS


def test_a_complaint_names_whom_the_mail_was_for() -> None:
    raw = complaint_for(SENT, ROBIN, failed=MIA, at_ms=0)
    kind, report = read(raw)
    assert report is not None
    assert (kind, report.outcome, str(report.send_id)) == (
        MailKind.COMPLAINT,
        Outcome.COMPLAINT,
        SEND_ID,
    )
    assert [one.address for one in report.told] == [MIA]
    _, redacted = read(raw.replace(b"Original-Rcpt-To: mia@alpha.example\r\n", b""))
    assert redacted is not None
    assert [one.address for one in redacted.told] == [MIA]  # from the mail itself


def test_a_report_that_mail_is_no_spam_is_no_complaint() -> None:
    raw = complaint_for(SENT, ROBIN, failed=MIA, at_ms=0)
    assert read(raw.replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam"))[1] is None


def test_mail_of_a_person_is_no_report() -> None:
    raw = b"From: mia@alpha.example\r\nSubject: Re: Plan\r\n\r\nYour mail was not delivered to me."
    assert read(raw) == (MailKind.HUMAN, None)
