"""Reports about undelivered mail: who, how grave, and about which message of ours."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.bounces.detection import Action, BounceClass, BounceReport, read_bounce
from backend.domain.mail.parse import parse_message

SEND_ID = "0d6f9f3e-0000-4000-8000-000000000001"


def report(status_part: str, *, text: str = "Sorry.", returned: str = "", extra: str = "") -> bytes:
    returned = (
        returned or f"Message-ID: <ours@x>\nTo: mia@acme.example\nX-Rapport-Send-Id: {SEND_ID}"
    )
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: kim@ours.example\n"
        f"Subject: Delivery Status Notification (Failure)\nReturn-Path: <>\n{extra}"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status_part}\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\n\nHello\n--b--\n"
    ).encode()


def block(
    *,
    address: str = "mia@acme.example",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "",
) -> str:
    lines = [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
    lines += [f"Diagnostic-Code: smtp; {said}"] if said else []
    return "Reporting-MTA: dns; mx.example\n\n" + "\n".join(lines)


def read(raw: bytes) -> BounceReport:
    found = read_bounce(parse_message(raw))
    assert found is not None
    return found


def test_a_report_names_the_recipient_and_our_own_message() -> None:
    found = read(report(block(said="550 5.1.1 no such user")))
    [recipient] = found.recipients
    assert (recipient.address, recipient.action, recipient.status) == (
        "mia@acme.example",
        Action.FAILED,
        "5.1.1",
    )
    assert recipient.diagnostic == "550 5.1.1 no such user"
    assert (found.original_message_id, found.send_id) == ("ours@x", SEND_ID)
    assert found.original_recipients == ("mia@acme.example",)
    assert found.judged is BounceClass.HARD
    assert found.is_failure


# Hard is what says the address is gone; policy blames us; everything else may work later.
JUDGED = {
    "no such user": ("5.1.1", "550 5.1.1 user unknown", BounceClass.HARD),
    "no such domain": ("5.1.2", "host not found", BounceClass.HARD),
    "null MX": ("5.1.10", "recipient address has null MX", BounceClass.HARD),
    "a disabled mailbox": ("5.2.1", "the account is disabled", BounceClass.HARD),
    "5.2.1 without a word": ("5.2.1", "", BounceClass.SOFT),
    "a vague code with clear words": ("5.0.0", "550 no such user here", BounceClass.HARD),
    "the better code in the words": ("5.0.0", "550 5.1.1 refused", BounceClass.HARD),
    "a full mailbox": ("5.2.2", "mailbox full", BounceClass.SOFT),
    "a full mailbox under the wrong code": ("5.1.1", "552 over quota", BounceClass.SOFT),
    "a message that is too large": ("5.2.3", "message size exceeds limit", BounceClass.SOFT),
    "no route": ("5.4.7", "delivery time expired", BounceClass.SOFT),
    "a temporary code": ("4.1.1", "user unknown", BounceClass.SOFT),
    "spam": ("5.7.1", "message rejected as spam", BounceClass.POLICY),
    "authentication": ("5.7.26", "unauthenticated email is not accepted", BounceClass.POLICY),
    "the domain of the sender": (
        "5.1.8",
        "domain of sender address does not exist",
        BounceClass.POLICY,
    ),
    "a block list": ("5.0.0", "554 your IP is blacklisted", BounceClass.POLICY),
    "a policy code that names the user": ("5.7.1", "user unknown", BounceClass.HARD),
    "no explanation at all": ("5.0.0", "", BounceClass.SOFT),
    "no such user, and a link to a policy": (
        "5.1.1",
        "550 user does not exist, see https://help.acme.example/policy/spam",
        BounceClass.HARD,
    ),
    "no such user at a domain with a bad name": (
        "5.1.1",
        "550 5.1.1 <mia@spam-policy.example> No such address here",
        BounceClass.HARD,
    ),
    "no such user, said with words of policy": (
        "5.1.1",
        "550 Account blocked: mailbox does not exist",
        BounceClass.HARD,
    ),
    "no such user, said with words of haste": (
        "5.1.1",
        "550 5.1.1 too many recipients are unknown here, rate limited",
        BounceClass.HARD,
    ),
    "an address code on a mail that is called spam": (
        "5.1.1",
        "550 message content rejected as spam",
        BounceClass.POLICY,
    ),
    "nobody found": ("5.0.0", "550 No user found", BounceClass.HARD),
    "nobody at all": ("5.0.0", "550 No active mailbox available for this name", BounceClass.HARD),
    "a mailbox that is not there": (
        "5.5.0",
        "550 Requested action not taken: mailbox unavailable",
        BounceClass.HARD,
    ),
    "a name to be found later": (
        "5.4.4",
        "Host or domain name not found. Name service error: Host not found, try again",
        BounceClass.SOFT,
    ),
    "a name server that does not answer": (
        "5.0.0",
        "DNS lookup of acme.example timed out",
        BounceClass.SOFT,
    ),
    "a server that takes it later": ("", "450 user unknown for now", BounceClass.SOFT),
    "a policy code that says nobody is there": (
        "5.7.1",
        "554 5.7.1 <mia@acme.example>: Recipient address rejected: Nonexistent user",
        BounceClass.HARD,
    ),
    "somebody without an account": (
        "5.0.0",
        "554 delivery error: This user doesn't have an acme.example account; see the header",
        BounceClass.HARD,
    ),
    "an id that is none": ("5.0.0", "Invalid final delivery userid: mia", BounceClass.HARD),
    "an account that is locked for now": (
        "5.2.1",
        "550 5.2.1 Recipient address rejected: User mia@acme.example temporarily locked",
        BounceClass.SOFT,
    ),
    "what the recipient does not want": (
        "5.1.1",
        "550 5.1.1 Refused due to recipient preferences",
        BounceClass.POLICY,
    ),
    "mail of one sender only": (
        "5.0.0",
        "they accept no mail from kim@ours.example",
        BounceClass.POLICY,
    ),
}


@pytest.mark.parametrize(("status", "said", "judged"), JUDGED.values(), ids=JUDGED)
def test_five_is_not_always_hard(status: str, said: str, judged: BounceClass) -> None:
    assert read(report(block(status=status, said=said), text="")).judged is judged


def test_recipients_of_one_report_may_have_different_fates() -> None:
    both = (
        f"{block()}\n\n"
        + block(
            address="lea@acme.example", action="delayed", status="4.4.1", said="timed out"
        ).partition("\n\n")[2]
    )
    found = read(report(both + "\n\nFinal-Recipient: rfc822; bo@acme.example\nAction: relayed\n"))
    assert [(one.address, one.judged) for one in found.recipients] == [
        ("mia@acme.example", BounceClass.HARD),
        ("lea@acme.example", BounceClass.DELAYED),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Reporting-MTA: dns; x\n\n\n{0}\n{1}\n\n\n{2}\n{1}\n",
        "\n\nReporting-MTA: dns; x\n \n\n\n{0}\n{1}\n\n{2}\n{1}\n\n\n",
        "{0}\n\n{1}\n\n{2}\n\n{1}\n",
        "{0}\n{1}\n{2}\n{1}\n",
    ],
    ids=["two empty lines", "three and blanks", "one inside of each", "none between them"],
)
def test_empty_lines_hide_no_recipient(written: str) -> None:
    first, second = (
        "Final-Recipient: rfc822; mia@a.example",
        "Final-Recipient: rfc822;bo@b.example",
    )
    status = written.format(first, "Action: failed\nStatus: 5.1.1", second)
    found = read(report(status, text="Sorry.", returned="Subject: x"))
    told = [(one.address, one.status, one.judged) for one in found.recipients]
    assert told == [
        ("mia@a.example", "5.1.1", BounceClass.HARD),
        ("bo@b.example", "5.1.1", BounceClass.HARD),
    ]


def test_a_name_that_only_the_server_knows_is_told_as_the_one_we_wrote_to() -> None:
    raw = report(
        "Original-Recipient: rfc822;mia@a.example\nFinal-Recipient: rfc822;mia@mailstore-7\n"
        "Action: failed\nStatus: 5.2.2\n"
    )
    assert [one.address for one in read(raw).recipients] == ["mia@a.example"]


def test_a_delay_is_told_but_is_no_failure() -> None:
    found = read(report(block(action="delayed", status="4.4.1")))
    assert found.judged is BounceClass.DELAYED
    assert not found.is_failure


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_receipt_is_no_bounce(action: str) -> None:
    assert read_bounce(parse_message(report(block(action=action, status="2.0.0")))) is None


ADDRESSES = {
    "brackets": ("rfc822; <mia@acme.example>", "mia@acme.example"),
    "no type": ("mia@acme.example", "mia@acme.example"),
    "a route": ("rfc822; @relay.example:mia@acme.example", "mia@acme.example"),
    "a plus tag": ("rfc822; mia+2b@acme.example", "mia+2b@acme.example"),
    "a quoted local part": ('rfc822; "mia..lang"@acme.example', '"mia..lang"@acme.example'),
}


@pytest.mark.parametrize(("value", "address"), ADDRESSES.values(), ids=ADDRESSES)
def test_recipients_as_mailers_write_them(value: str, address: str) -> None:
    raw = report(f"Final-Recipient: {value}\nAction: failed\nStatus: 5.1.1")
    assert [one.address for one in read(raw).recipients] == [address]


def test_the_address_we_wrote_to_stands_beside_the_final_one() -> None:
    raw = report(
        f"Original-Recipient: rfc822; info+2Bx@acme.example\n{block().partition(chr(10) * 2)[2]}"
    )
    assert read(raw).recipients[0].original == "info+x@acme.example"


PROSE = {
    "qmail": (
        (
            "Hi. This is the qmail-send program at x.example.\n"
            "I'm afraid I wasn't able to deliver your "
            "message to the following addresses.\nThis is a permanent error; I've given up.\n\n"
            "<mia@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\nMessage-ID: <ours@x>\n"
        ),
        BounceClass.HARD,
    ),
    "exim": (
        (
            "This message was created automatically by mail delivery software.\n\n"
            "A message that you sent "
            "could not be delivered to one or more of its\nrecipients.\n\n  mia@acme.example\n"
            "    mailbox is full: retry timeout exceeded\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n"
            "Message-ID: <ours@x>\n"
        ),
        BounceClass.SOFT,
    ),
    "sendmail": (
        (
            "   ----- The following addresses had permanent fatal errors -----\n"
            "<mia@acme.example>\n"
            "    (reason: 550 5.7.1 rejected as spam)\n\n"
            "   ----- Original message follows -----\n\n"
            "Message-ID: <ours@x>\n"
        ),
        BounceClass.POLICY,
    ),
    "an old Exchange": (
        (
            "Your message did not reach some or all of the intended recipients.\n\n"
            "The following recipient(s) could not be reached:\n\n"
            "      mia@acme.example on 3/3/2026\n"
            "            The recipient name is not recognized\n\nMessage-ID: <ours@x>\n"
        ),
        BounceClass.HARD,
    ),
    "an SMTP dialogue": (
        (
            "Delivery failed.\n >>> RCPT TO:<mia@acme.example>\n <<< 550 user unknown\n\n"
            "Message-ID: <ours@x>\n"
        ),
        BounceClass.HARD,
    ),
}


@pytest.mark.parametrize(("text", "judged"), PROSE.values(), ids=PROSE)
def test_bounces_in_words_only(text: str, judged: BounceClass) -> None:
    raw = f"From: MAILER-DAEMON@x.example\nTo: kim@ours.example\nSubject: failure notice\n\n{text}"
    found = read(raw.encode())
    assert [one.address for one in found.recipients] == ["mia@acme.example"]
    assert found.judged is judged
    assert found.original_message_id == "ours@x"


def test_a_field_names_the_failed_recipients() -> None:
    raw = (
        b"From: mailer-daemon@googlemail.com\nTo: kim@ours.example\nSubject: Delivery (Failure)\n"
        b"X-Failed-Recipients: mia@acme.example, lea@acme.example\n\nHello kim@ours.example,\n"
        b"it could not be delivered. 550 5.1.1 no such user\n"
    )
    addresses = [one.address for one in read(raw).recipients]
    assert addresses == ["mia@acme.example", "lea@acme.example"]


def test_a_failure_that_names_nobody_is_still_one() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\nTo: kim@ours.example\nSubject: Mail Delivery Problem\n\n"
        b"Your mail to the following recipients could not be delivered, they have left:\n mia9\n"
    )
    found = read(raw)
    assert found.is_failure
    assert found.recipients == ()


def test_a_sender_without_an_address_counts_as_a_mail_system() -> None:
    raw = (
        b"From: <>\nSubject: Returned Mail: Error\n\nFailed recipients:\n<mia@acme.example>\nLoop\n"
    )
    assert [one.address for one in read(raw).recipients] == ["mia@acme.example"]


def test_a_warning_in_words_is_a_delay() -> None:
    raw = (
        b"From: MAILER-DAEMON@x.example\n"
        b"Subject: Warning: could not send message for past 4 hours\n\n"
        b"<mia@acme.example>... Deferred: Connection timed out\nWill keep trying for 5 days\n"
    )
    assert read(raw).judged is BounceClass.DELAYED


HUMAN = {
    "a person who forwards a bounce": (
        b"From: Mia <mia@acme.example>\nSubject: Fwd: Returned mail\n\nWhat is this?\n\n"
        b"> <lea@acme.example>: user unknown\n"
    ),
    "a person who writes about failure": (
        b"From: Mia <mia@acme.example>\nSubject: Delivery problem\n\n"
        b"The parcel was not delivered.\n"
    ),
    "a postmaster who writes a letter": (
        b"From: postmaster@acme.example\nSubject: Welcome\n\nYour mailbox is ready.\n"
    ),
}


@pytest.mark.parametrize("raw", HUMAN.values(), ids=HUMAN)
def test_what_is_no_bounce(raw: bytes) -> None:
    assert read_bounce(parse_message(raw)) is None


@pytest.mark.parametrize(
    "unit", ["a@b.c ", "<a@b.c>:\n", "RCPT TO:<", "user ", "message deliver ", "*"]
)
def test_a_hostile_report_costs_less_than_a_second(unit: str) -> None:
    raw = b"From: mailer-daemon@x\nSubject: failure\n\n" + (unit * (200_000 // len(unit))).encode()
    message = parse_message(raw)
    start = process_time()
    read_bounce(message)
    assert process_time() - start < 1


@given(st.text(max_size=300))
def test_reading_never_raises(text: str) -> None:
    read_bounce(parse_message(report(text, text=text, returned=text)))
    read_bounce(parse_message(b"From: MAILER-DAEMON\nSubject: failed\n\n" + text.encode()))
