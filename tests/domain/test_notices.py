"""Reports in JSON that Amazon's notification service mails."""

import json

from backend.domain.mail.bounces.detection import BounceClass, read_bounce
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.parse import parse_message
from backend.domain.sending.delivery_report import Outcome, read_report

SEND_ID = "0d6f9f3e-0000-4000-8000-000000000001"
RETURNED = {
    "destination": ["mia@acme.example"],
    "headers": [
        {"name": "Message-ID", "value": "<ours@x.example>"},
        {"name": "X-Rapport-Send-Id", "value": SEND_ID},
    ],
}
FAREWELL = "\n\n--\nIf you wish to stop receiving notifications from this topic, please click\n"


def bounce(**recipient: str) -> dict[str, object]:
    told = {"bounceType": "Permanent", "bouncedRecipients": [recipient]}
    return {"notificationType": "Bounce", "bounce": told, "mail": RETURNED}


def mail(told: object, sender: str = "no-reply@sns.amazonaws.com") -> ParsedMessage:
    text = told if isinstance(told, str) else json.dumps(told)
    head = f"From: SES <{sender}>\nSubject: AWS Notification Message\n"
    return parse_message(f"{head}Content-Type: text/plain\n\n{text}{FAREWELL}".encode())


def test_a_bounce_is_read_as_it_is_or_wrapped_or_broken_into_lines() -> None:
    told = bounce(
        emailAddress="mia@acme.example",
        status="5.1.1",
        diagnosticCode="smtp; 550 5.1.1 user unknown",
    )
    wrapped = {"Type": "Notification", "Message": json.dumps(told)}
    broken = json.dumps(told).replace("emailAddress", "emailAdd\n ress")
    for message in (mail(told), mail(wrapped), mail(broken)):
        assert classify(message) is MailKind.BOUNCE
        found = read_bounce(message)
        assert found is not None
        [one] = found.recipients
        assert (one.address, one.judged, one.diagnostic) == (
            "mia@acme.example",
            BounceClass.HARD,
            "550 5.1.1 user unknown",
        )
        assert (found.send_id, found.original_message_id) == (SEND_ID, "ours@x.example")


def test_what_no_server_explained_is_judged_by_its_kind() -> None:
    passing = bounce(emailAddress="mia@acme.example")
    passing["bounce"] = {**passing["bounce"], "bounceType": "Transient"}  # type: ignore[dict-item]
    late = {
        "eventType": "DeliveryDelay",
        "deliveryDelay": {"delayedRecipients": [{"emailAddress": "mia@acme.example"}]},
    }
    told = [read_bounce(mail(one)) for one in (bounce(emailAddress="m@a.example"), passing, late)]
    judged = [BounceClass.HARD, BounceClass.SOFT, BounceClass.DELAYED]
    assert [one.judged if one else None for one in told] == judged


def test_a_complaint_names_who_complained_and_about_which_mail() -> None:
    told = {
        "notificationType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": "mia@acme.example"}],
            "complaintFeedbackType": "abuse",
        },
        "mail": RETURNED,
    }
    message = mail(told)
    assert classify(message) is MailKind.COMPLAINT
    report = read_report(message, MailKind.COMPLAINT)
    assert report is not None
    assert [(one.address, one.outcome) for one in report.told] == [
        ("mia@acme.example", Outcome.COMPLAINT)
    ]
    assert (str(report.send_id), report.message_id) == (SEND_ID, "ours@x.example")


def test_other_notices_and_people_who_quote_one_are_none() -> None:
    told = bounce(emailAddress="mia@acme.example", status="5.1.1")
    others = [
        mail(told, "dana@acme.example"),
        mail({"notificationType": "Delivery", "mail": RETURNED}),
        mail({"notificationType": "Bounce", "bounce": [7], "mail": 7}),
        mail('{"Message": "{" '),
        mail("{" * 50_000),
    ]
    assert [read_bounce(one) for one in others] == [None] * len(others)
