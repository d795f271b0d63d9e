"""Classifies a message. The order decides: a bounce is also an automatic reply.

Everything later depends on the kind: only mail by a person stops a playbook, counts as a reply, and
may suggest a contact; the first four kinds are never replied to automatically.
"""

import re
from enum import StrEnum

from backend.domain.mail.auto_replies.detection import (
    is_auto_reply,
    is_receipt,
    reads_like_auto_reply,
)
from backend.domain.mail.bounces.detection import read_bounce
from backend.domain.mail.bounces.notices import read_notice
from backend.domain.mail.message import ParsedMessage

_BULK_PRECEDENCE = frozenset({"bulk", "list", "junk"})
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "feedback-id", "x-mailing-list")
_OUTLOOK_COMPLAINT = re.compile(r"^X-HmXmrOriginalRecipient:", re.IGNORECASE | re.MULTILINE)
_METHOD = re.compile(r"^METHOD:\s*([A-Z]+)", re.IGNORECASE | re.MULTILINE)
# RFC 5546 §1.4; PUBLISH only shares a calendar and invites nobody.
_EVENT_METHODS = frozenset(
    {"REQUEST", "REPLY", "CANCEL", "ADD", "REFRESH", "COUNTER", "DECLINECOUNTER"}
)


class MailKind(StrEnum):
    """The kinds, in the order in which they are tried."""

    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    CALENDAR = "calendar"
    HUMAN = "human"


def classify(message: ParsedMessage) -> MailKind:
    """The kind of a message. A delay notice and a receipt are automatic replies, no bounces."""
    if is_complaint(message):
        return MailKind.COMPLAINT
    bounce = read_bounce(message)
    if bounce is not None and bounce.is_failure:
        return MailKind.BOUNCE
    event = calendar_method(message) in _EVENT_METHODS
    if bounce is not None or is_receipt(message) or (is_auto_reply(message) and not event):
        return MailKind.AUTO_REPLY
    return _of_words(message, MailKind.CALENDAR if event else MailKind.HUMAN)


def _of_words(message: ParsedMessage, kind: MailKind) -> MailKind:
    """Bulk mail, then events; prose last, since it is less certain."""
    if is_list_mail(message):
        return MailKind.LIST
    machine = kind is MailKind.HUMAN and reads_like_auto_reply(message)
    return MailKind.AUTO_REPLY if machine else kind


def is_complaint(message: ParsedMessage) -> bool:
    """A feedback report (RFC 5965): the recipient pressed "spam". Outlook.com has its own form."""
    notice = read_notice(message)
    if message.report_type == "feedback-report" or (notice is not None and notice.feedback):
        return True
    return any(
        part.content_type == "message/feedback-report" or _OUTLOOK_COMPLAINT.search(part.text)
        for part in message.machine_parts
    )


def is_list_mail(message: ParsedMessage) -> bool:
    """Whether it was sent to many at once: machine mail, from which no contact is made."""
    if message.first("precedence").strip().lower() in _BULK_PRECEDENCE:
        return True
    return any(message.first(name).strip() for name in _LIST_FIELDS)


def calendar_method(message: ParsedMessage) -> str:
    """The iTIP method of an invitation or a reply to one (RFC 5546); empty without one. An event
    attached to somebody's own text is a file.
    """
    for part in message.machine_parts:
        if part.content_type != "text/calendar" or part.attached:
            continue
        if method := _METHOD.search(part.text):
            return method[1].upper()
    return ""
