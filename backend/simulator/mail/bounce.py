"""The delivery report Gmail sends when an address does not exist (RFC 3464)."""

from email.utils import format_datetime

from backend.simulator.clock import from_epoch_ms
from backend.simulator.mail import raw_headers

BOUNCING_DOMAIN = "bounce.example"
BOUNCING_LOCAL = "nobody"

REPORT = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {sender}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {original}
In-Reply-To: {original}
X-Failed-Recipients: {failed}
Message-ID: <{token}.dsn@mx.google.com>
Date: {when}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{token}"

--{token}
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {failed} because the address couldn't be found,
or is unable to receive mail.

The response from the remote server was:
550 5.1.1 <{failed}>: user unknown

--{token}
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: {when}
X-Original-Message-ID: {original}

Final-Recipient: rfc822; {failed}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.{domain}
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 <{failed}>: user unknown
Last-Attempt-Date: {when}

--{token}
Content-Type: text/rfc822-headers

{headers}

--{token}--
"""


def is_undeliverable(address: str) -> bool:
    """Whether nobody can be reached there, by the convention of this simulator.

    >>> is_undeliverable("dana@bounce.example"), is_undeliverable("nobody.home@northwind.example")
    (True, True)
    """
    local, _, domain = address.lower().rpartition("@")
    return domain == BOUNCING_DOMAIN or local.startswith(BOUNCING_LOCAL)


def bounce_for(raw: bytes, sender: str, *, failed: str, at_ms: int) -> bytes:
    """A multipart/report about `raw`, citing it so that it lands in its thread."""
    mail = raw_headers.parse(raw)
    headers = raw_headers.RawMail(mail.fields, b"").as_bytes().decode("utf-8", "replace")
    text = REPORT.format(
        sender=sender,
        failed=failed,
        domain=failed.rpartition("@")[2],
        original=mail.first("message-id"),
        token=f"{at_ms:012x}{failed.replace('@', '.')}",
        when=format_datetime(from_epoch_ms(at_ms)),
        headers=headers.replace("\r\n", "\n").rstrip("\n"),
    )
    return text.replace("\n", "\r\n").encode("utf-8")
