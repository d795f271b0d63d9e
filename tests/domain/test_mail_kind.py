"""What kind of mail it is, in the order that decides."""

import pytest

from backend.domain.mail.kinds import MailKind, calendar_method, classify
from backend.domain.mail.parse import parse_message


def kind(*lines: str, body: str = "Hi") -> MailKind:
    text = "\n".join(["From: mia@acme.example", "To: kim@ours.example", *lines, "", body])
    return classify(parse_message(text.encode()))


AUTOMATIC = {
    "RFC 3834": "Auto-Submitted: auto-replied",
    "RFC 3834 in capitals with a parameter": "Auto-Submitted: Auto-Generated; owner-email=a@x",
    "RFC 3834 with a comment": "Auto-Submitted: auto-generated (warning-timeout)",
    "Precedence": "Precedence: auto_reply",
    "X-Autoreply": "X-Autoreply: yes",
    "X-Autorespond": "X-Autorespond: Vacation",
}


@pytest.mark.parametrize("field", AUTOMATIC.values(), ids=AUTOMATIC)
def test_a_field_alone_marks_an_automatic_reply(field: str) -> None:
    assert kind("Subject: Re: Offer", field) is MailKind.AUTO_REPLY


HUMAN = {
    "a plain answer": ("Subject: Re: Offer", "In-Reply-To: <ours@x>"),
    "not automatic, it says": ("Subject: Re: Offer", "Auto-Submitted: no"),
    "an answer about an absence": ("Subject: Re: your out of office", "In-Reply-To: <ours@x>"),
    "an ordinary notice of Exchange": ("Subject: Offer", "X-Auto-Response-Suppress: OOF"),
    "an empty list field": ("Subject: Offer", "List-Id:"),
}


@pytest.mark.parametrize("lines", HUMAN.values(), ids=HUMAN)
def test_people_stay_people(lines: tuple[str, ...]) -> None:
    assert kind(*lines) is MailKind.HUMAN


LISTS = {
    "List-Id": "List-Id: Team <team.lists.example>",
    "List-Unsubscribe": "List-Unsubscribe: <https://x.example/u>",
    "Precedence": "Precedence: bulk",
    "Feedback-ID": "Feedback-ID: 1:campaign:x",
}


@pytest.mark.parametrize("field", LISTS.values(), ids=LISTS)
def test_mail_to_many_is_list_mail(field: str) -> None:
    assert kind("Subject: News", field) is MailKind.LIST


def test_an_automatic_mail_through_a_list_is_an_automatic_reply() -> None:
    assert kind("Auto-Submitted: auto-replied", "List-Id: <a.b>") is MailKind.AUTO_REPLY


def report(kind_of_report: str, part: str, text: str) -> MailKind:
    return kind(
        "Subject: Report",
        f'Content-Type: multipart/report; report-type={kind_of_report}; boundary="b"',
        body=f"--b\n\nText\n--b\nContent-Type: {part}\n\n{text}\n--b--",
    )


STATUS = "Final-Recipient: rfc822; mia@acme.example\nAction: {}\nStatus: {}"
REPORTS = {
    "a complaint": ("feedback-report", "message/feedback-report", "", MailKind.COMPLAINT),
    "a failure": (
        "delivery-status",
        "message/delivery-status",
        STATUS.format("failed", "5.1.1"),
        MailKind.BOUNCE,
    ),
    "a delay": (
        "delivery-status",
        "message/delivery-status",
        STATUS.format("delayed", "4.4.1"),
        MailKind.AUTO_REPLY,
    ),
    "a delivery receipt": (
        "delivery-status",
        "message/delivery-status",
        STATUS.format("delivered", "2.0.0"),
        MailKind.AUTO_REPLY,
    ),
    "a read receipt": (
        "disposition-notification",
        "message/disposition-notification",
        "Disposition: manual-action/MDN-sent-manually; displayed",
        MailKind.AUTO_REPLY,
    ),
}


@pytest.mark.parametrize(("name", "part", "text", "expected"), REPORTS.values(), ids=REPORTS)
def test_reports(name: str, part: str, text: str, expected: MailKind) -> None:
    assert report(name, part, text) is expected


def test_a_complaint_in_the_form_of_outlook_is_one() -> None:
    assert (
        kind(
            'Content-Type: multipart/mixed; boundary="b"',
            body="--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@x\n\nHi\n--b--",
        )
        is MailKind.COMPLAINT
    )


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL"])
def test_an_invitation_and_its_answer_are_calendar_mail(method: str) -> None:
    lines = ("Subject: Accepted: Lunch", "Content-Type: text/calendar; charset=utf-8")
    assert (
        kind(*lines, body=f"BEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR") is MailKind.CALENDAR
    )


@pytest.mark.parametrize(
    ("placed", "text", "kind"),
    [
        ("attachment; filename=invite.ics", "Does this suit you?", MailKind.HUMAN),
        ("inline", "Does this suit you?", MailKind.CALENDAR),
        ("attachment; filename=invite.ics", "", MailKind.CALENDAR),
    ],
    ids=["a question with a file", "an invitation with words", "a file alone"],
)
def test_an_event_that_is_attached_to_words_is_a_file(
    placed: str, text: str, kind: MailKind
) -> None:
    raw = (
        "From: mia@acme.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\n{text}\n--b\n"
        f"Content-Type: text/calendar; method=REQUEST\nContent-Disposition: {placed}\n\n"
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\n--b--\n"
    )
    assert classify(parse_message(raw.encode())) is kind


def test_a_published_calendar_asks_nobody() -> None:
    raw = b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:PUBLISH\n"
    message = parse_message(raw)
    assert calendar_method(message) == "PUBLISH"
    assert classify(message) is MailKind.HUMAN
