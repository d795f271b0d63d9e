"""Reports that come back about mail: not delivered (RFC 3464), or marked as spam (RFC 5965).

An address's local part decides which report it causes, so that a person can play each.
"""

import re
from dataclasses import dataclass
from email.utils import format_datetime

from backend.simulator.clock import from_epoch_ms
from backend.simulator.mail import raw_headers

BOUNCING_DOMAIN = "bounce.example"
BOUNCING_LOCAL = "nobody"
COMPLAINING = "complains"

DELIVERY_REPORT = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {sender}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification ({heading})
References: {original}
In-Reply-To: {original}
X-Failed-Recipients: {failed}
Message-ID: <{token}.dsn@mx.google.com>
Date: {when}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{token}"

--{token}
Content-Type: text/plain; charset="UTF-8"

** {title} **

{said}

The response from the remote server was:
{answer}

--{token}
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: {when}
X-Original-Message-ID: {original}

Final-Recipient: rfc822; {failed}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.{domain}
Diagnostic-Code: smtp; {answer}
Last-Attempt-Date: {when}

--{token}
Content-Type: text/rfc822-headers

{headers}

--{token}--
"""

COMPLAINT = """\
From: Feedback <feedback@{domain}>
To: {sender}
Subject: Complaint about mail from {sender}
Message-ID: <{token}.arf@mx.{domain}>
Date: {when}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="{token}"

--{token}
Content-Type: text/plain; charset="UTF-8"

This is an abuse report for a mail that a person here called spam.

--{token}
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Simulator/1.0
Version: 1
Original-Mail-From: {sender}
Original-Rcpt-To: {failed}
Arrival-Date: {when}

--{token}
Content-Type: text/rfc822-headers

{headers}

--{token}--
"""


@dataclass(frozen=True)
class Fate:
    """Why a mail does not get through. `said` and `answer` name the address as {failed}."""

    title: str
    said: str
    status: str
    answer: str
    action: str = "failed"
    heading: str = "Failure"


UNKNOWN = Fate(
    title="Address not found",
    said=(
        "Your message wasn't delivered to {failed} because the address couldn't be found,\n"
        "or is unable to receive mail."
    ),
    status="5.1.1",
    answer="550 5.1.1 <{failed}>: user unknown",
)
FATES = {
    "full": Fate(
        title="Recipient inbox full",
        said="Your message couldn't be delivered to {failed}. Their inbox is full.",
        status="5.2.2",
        answer="552 5.2.2 <{failed}>: mailbox is over quota",
    ),
    "refused": Fate(
        title="Message blocked",
        said="Your message to {failed} has been blocked.",
        status="5.7.1",
        answer="550 5.7.1 message rejected as unsolicited by the policy of this domain",
    ),
    "slow": Fate(
        title="Delivery incomplete",
        said=(
            "There was a temporary problem delivering your message to {failed}. Gmail will retry\n"
            "for 46 more hours. You'll be notified if the delivery fails permanently."
        ),
        status="4.4.1",
        answer="451 4.4.1 connection to mx timed out",
        action="delayed",
        heading="Delay",
    ),
}
"""What befalls `full@`, `refused@` and `slow@` any domain, also with `.`, `+` or `-` behind it."""


def fate_of(address: str) -> Fate | None:
    """What keeps mail from an address, by the convention of this simulator.

    >>> fate_of("dana@bounce.example").status, fate_of("nobody.home@northwind.example").status
    ('5.1.1', '5.1.1')
    >>> fate_of("full.box@northwind.example").status, fate_of("fuller@northwind.example")
    ('5.2.2', None)
    """
    local, _, domain = address.lower().rpartition("@")
    if domain == BOUNCING_DOMAIN or local.startswith(BOUNCING_LOCAL):
        return UNKNOWN
    return FATES.get(_first_word(local))


def complains(address: str) -> bool:
    """Whether the person there gets the mail and calls it spam.

    >>> complains("complains@northwind.example"), complains("dana@northwind.example")
    (True, False)
    """
    return _first_word(address.lower().rpartition("@")[0]) == COMPLAINING


def _first_word(local: str) -> str:
    return re.split(r"[.+-]", local, maxsplit=1)[0]


def bounce_for(raw: bytes, sender: str, *, failed: str, fate: Fate, at_ms: int) -> bytes:
    """A multipart/report about `raw`, citing it so that it lands in its thread."""
    told = {
        "said": fate.said.format(failed=failed),
        "answer": fate.answer.format(failed=failed),
        "title": fate.title,
        "heading": fate.heading,
        "action": fate.action,
        "status": fate.status,
    }
    return _report(DELIVERY_REPORT, raw, sender, failed=failed, at_ms=at_ms, **told)


def complaint_for(raw: bytes, sender: str, *, failed: str, at_ms: int) -> bytes:
    """A multipart/report of the receiving provider about `raw`."""
    return _report(COMPLAINT, raw, sender, failed=failed, at_ms=at_ms)


def _report(form: str, raw: bytes, sender: str, *, failed: str, at_ms: int, **told: str) -> bytes:
    mail = raw_headers.parse(raw)
    headers = raw_headers.RawMail(mail.fields, b"").as_bytes().decode("utf-8", "replace")
    text = form.format(
        sender=sender,
        failed=failed,
        domain=failed.rpartition("@")[2],
        original=mail.first("message-id"),
        token=f"{at_ms:012x}{failed.replace('@', '.')}",
        when=format_datetime(from_epoch_ms(at_ms)),
        headers=headers.replace("\r\n", "\n").rstrip("\n"),
        **told,
    )
    return text.replace("\n", "\r\n").encode("utf-8")
