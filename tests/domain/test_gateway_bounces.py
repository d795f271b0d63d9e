"""Bounces of gateways under names of their own, and people who write about bounces."""

import pytest

from backend.domain.mail.bounces.detection import BounceClass, may_be_bounce, read_bounce
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.parse import parse_message

HARD, SOFT, POLICY = BounceClass.HARD, BounceClass.SOFT, BounceClass.POLICY


def mail(sender: str, subject: str, text: str, *more: str) -> bytes:
    fields = [f"From: {sender}", "To: kim@ours.example", f"Subject: {subject}", *more]
    return "\n".join([*fields, "Content-Type: text/plain; charset=utf-8", "", text]).encode()


BOUNCES = {
    "a dialogue of a gateway": (
        mail(
            "Mail Guard <guard@a.example>",
            "Your mail",
            "Report of the gateway\n\nSent <<< RCPT TO:<mia@a.example>\n"
            "Received >>> 550 5.1.1 unknown user\n\nThe mail could not be delivered.\n",
        ),
        ["mia@a.example"],
        HARD,
    ),
    "a gateway that lists who failed": (
        mail(
            "E500_SMTP_Service@a.example",
            "Returned Mail - Error During Delivery",
            "---- Failed Recipients ----\n\n<mia@a.example>: mailbox unavailable. [Code 550]\n",
        ),
        ["mia@a.example"],
        None,
    ),
    "a system administrator in two languages": (
        mail(
            "scan@a.example",
            "RE: Offer : non remis (delivery failed)",
            "****\nVotre message n'a pas pu etre delivre a\nmia@a.example\n\n****\n"
            "Your message could not be delivered to\nmia@a.example\n",
        ),
        ["mia@a.example"],
        None,
    ),
    "a description that names whom it was for": (
        mail(
            "System Administrator <postmaster@a.example>",
            "Undeliverable: Offer",
            "Your message\n\n  To:      everybody@lists.example\n  Subject: Offer\n"
            "  Sent:    Fri, 20 Jul 2001 08:53:08 -0700\n\ndid not reach the following"
            " recipient(s):\n\nmia@a.example on Fri, 20 Jul 2001 11:08:59 -0700\n"
            "    The recipient name is not recognized\n",
        ),
        ["mia@a.example"],
        HARD,
    ),
    "several in a transcript": (
        mail(
            "Mail Delivery Subsystem <MAILER-DAEMON@a.example>",
            "Returned mail: User unknown",
            "   ----- Transcript of session follows -----\n"
            "554 <bo@b.example>... 550 Host unknown\n>>> RCPT To:<mia@a.example>\n"
            "<<< 550 no such user here\n550 <mia@a.example>... User unknown\n",
        ),
        ["bo@b.example", "mia@a.example"],
        HARD,
    ),
    "the address of the sender": (
        mail(
            "MAILER-DAEMON@a.example",
            "Mail delivery problem",
            "They did not get it, since they take no mail from kim.lang@ours.example:\n   mia\n",
        ),
        [],
        POLICY,
    ),
    **{
        f"the receiver of the report, {name}": (
            mail("MAILER-DAEMON@a.example", "Mail delivery problem", text),
            [],
            POLICY,
        )
        for name, text in {
            "in a code": "550 5.7.23 Sender Policy Framework violation: kim@ours.example",
            "in German": "Ihre Nachricht von kim@ours.example wurde als Spam abgelehnt.",
            "in Spanish": "El mensaje de kim@ours.example fue rechazado por política.",
            "in words": "We do not accept mail from kim@ours.example.",
        }.items()
    },
    "codes in front of each address": (
        mail(
            "MAILER-DAEMON@a.example",
            "Returned mail: User unknown",
            "550 5.1.1 <mia@a.example>... User unknown\n\n"
            "550 5.1.1 <7bo@b.example>... User unknown\n",
        ),
        ["7bo@b.example", "mia@a.example"],
        HARD,
    ),
    "a delivery that is suspended for good": (
        mail(
            "MAILER-DAEMON@a.example",
            "Undelivered Mail Returned to Sender",
            "<mia@a.example>: delivery temporarily suspended: connect to mx.a.example: No route to"
            " host\n",
        ),
        ["mia@a.example"],
        SOFT,
    ),
    "a directory of Exchange": (
        mail(
            "MAILER-DAEMON@a.example",
            "Undeliverable: Offer",
            "did not reach the following recipient(s):\n\nc=US;a= ;p=A;dda:SMTP=mia@a.example; on\n"
            "    The recipient name is not recognized\n",
        ),
        ["mia@a.example"],
        HARD,
    ),
    "an address that is kept secret": (
        mail(
            "MAILER-DAEMON@a.example",
            "Mail delivery failed",
            "A message that you sent could not be delivered:\n\n  an undisclosed address\n"
            "    (generated from mia@a.example)\n",
        ),
        ["mia@a.example"],
        None,
    ),
    "Exchange in German": (
        mail(
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae@ours.example>",
            "Unzustellbar: Angebot",
            "Ihre Nachricht an mia@a.example konnte nicht zugestellt werden.\n\n"
            "mia wurde bei a.example nicht gefunden.\n",
        ),
        ["mia@a.example"],
        HARD,
    ),
    "Exchange in Polish": (
        mail(
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae@ours.example>",
            "Niedostarczalne: Oferta",
            "Nie można dostarczyć wiadomości do mia@a.example.\n\nNie odnaleziono mia.\n",
        ),
        ["mia@a.example"],
        HARD,
    ),
    "a filter that blocked it": (
        mail(
            "Guard <noreply@guard.example>",
            "**Message you sent blocked by our bulk email filter**",
            "Your message to: mia@a.example\nwas blocked by our spam filter.\n",
        ),
        ["mia@a.example"],
        POLICY,
    ),
    "in Chinese": (
        mail("MAILER-DAEMON@a.example", "系统退信", "您的邮件无法投递\n\n<mia@a.example>:\n"),
        ["mia@a.example"],
        None,
    ),
}


@pytest.mark.parametrize(("raw", "addresses", "judged"), BOUNCES.values(), ids=BOUNCES)
def test_a_gateway_is_known_by_what_it_writes(
    raw: bytes, addresses: list[str], judged: BounceClass | None
) -> None:
    message = parse_message(raw)
    found = read_bounce(message)
    assert found is not None
    assert classify(message) is MailKind.BOUNCE
    assert sorted(one.address for one in found.recipients) == addresses
    assert judged in (None, found.judged)


PEOPLE = {
    "an answer about a bounce": mail(
        "Mia <mia@a.example>",
        "Re: Delivery failure",
        'Hi, the mail to bo@b.example came back with "550 unknown user".\nWrite to me.\n\nMia',
        "In-Reply-To: <ours@ours.example>",
    ),
    "an answer without a greeting": mail(
        "Mia <mia@a.example>",
        "Re: Delivery failure",
        "your message to bo@b.example could not be delivered because he left. Write to me.",
    ),
    "a question with a log in it": mail(
        "Mia <mia@a.example>",
        "Our server",
        "Hello Kim,\n\nour server says:\n> RCPT TO:<bo@b.example>\n> 550 5.1.1 unknown user\n",
    ),
    "a complaint about a parcel": mail(
        "Mia <mia@a.example>",
        "Delivery problem",
        "The parcel could not be delivered to our office, please send another.",
    ),
    "somebody who could not write": mail(
        "Mia <mia@a.example>", "Failed to send", "I could not send the offer to you. Mia"
    ),
}


@pytest.mark.parametrize("raw", PEOPLE.values(), ids=PEOPLE)
def test_people_write_about_bounces_as_well(raw: bytes) -> None:
    assert classify(parse_message(raw)) is MailKind.HUMAN


def test_what_a_mailer_daemon_writes_is_never_a_persons() -> None:
    raw = mail("Mailer <MAILER-DAEMON@a.example>", "About your mail", "kim@ours.example is listed.")
    assert classify(parse_message(raw)) is MailKind.AUTO_REPLY


def test_the_address_behind_an_expanded_one_is_told() -> None:
    raw = mail(
        "MAILER-DAEMON@a.example",
        "Returned mail",
        "The following addresses had permanent fatal errors\n\nmia@inner.a.example\n"
        "    (expanded from: <mia@a.example>)\n    550 user unknown\n",
    )
    found = read_bounce(parse_message(raw))
    assert found is not None
    assert [(one.address, one.original) for one in found.recipients] == [
        ("mia@inner.a.example", "mia@a.example")
    ]


def test_a_title_of_failure_is_reason_enough_to_read_the_words() -> None:
    assert may_be_bounce(parse_message(mail("guard@a.example", "Your mail was not accepted", "")))
    assert not may_be_bounce(parse_message(mail("mia@a.example", "Ten seats", "")))


def test_a_report_that_was_handed_on_as_a_file_is_read() -> None:
    inner = (
        "Content-Type: text/plain\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822;mia@a.example\nAction: failed\nStatus: 5.1.1\n"
    )
    raw = (
        "From: postmaster@a.example\nSubject: Delivery Status Notification (Failure)\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        f"Subject: x\n{inner}--b--\n"
    ).encode()
    found = read_bounce(parse_message(raw))
    assert found is not None
    assert [one.address for one in found.recipients] == ["mia@a.example"]


def test_a_screen_name_without_a_domain_becomes_an_address() -> None:
    found = read_bounce(
        parse_message(
            b"From: Mail Delivery Subsystem <MAILER-DAEMON@aol.com>\nTo: kim@ours.example\n"
            b"Subject: Mail Delivery Problem\nMessage-ID: <x@aol.com>\n\n"
            b"Your mail to the following recipients could not be delivered because they are not "
            b"accepting mail from kim@ours.example:\n\tmiascreen\n\n"
        )
    )
    assert found is not None
    assert [one.address for one in found.recipients] == ["miascreen@aol.com"]
