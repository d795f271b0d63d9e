"""Decides whether a message reports undelivered mail, for whom, and how severe it is.

Separate from `kinds`, which only asks whether. Read in layers: the machine-readable part, a header
that names the failed recipients, then the prose. A report that only says "delivered" is no bounce;
a delay is reported as such and has no consequence.
"""

import re
from collections.abc import Mapping

from backend.domain.mail.address_list import parse_address_list
from backend.domain.mail.bounces import phrases
from backend.domain.mail.bounces.dsn import ReportedRecipient, read_delivery_status
from backend.domain.mail.bounces.judging import enhanced_code, judge
from backend.domain.mail.bounces.library import recipients_by_library
from backend.domain.mail.bounces.notices import read_notice
from backend.domain.mail.bounces.openings import declares, lists, shows_dialogue
from backend.domain.mail.bounces.prose import ProseBounce, made_from, read_prose
from backend.domain.mail.bounces.report import Action, BounceClass, BounceReport, FailedRecipient
from backend.domain.mail.headers import message_id as read_message_id
from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.mime.fields import read_header_block

__all__ = [
    "Action",
    "BounceClass",
    "BounceReport",
    "FailedRecipient",
    "may_be_bounce",
    "read_bounce",
    "returned_fields",
]

_GRAVITY = (BounceClass.HARD, BounceClass.POLICY, BounceClass.SOFT, BounceClass.DELAYED)
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_NOT_FAILED = frozenset({Action.DELIVERED, Action.RELAYED, Action.EXPANDED})
_EMPTY_PATHS = frozenset({"<>", "<mailer-daemon>"})
_ANSWER = lazy_pattern(
    r"(?:re|aw|sv|vs|antw|tr|res|odp|rif|fwd?|wg|rv|enc)\s?(?:\[\d+\])?\s?:", re.IGNORECASE
)
MAX_GLANCE = 4000
"""Characters in which a report from an unknown sender must say that something failed."""


def read_bounce(message: ParsedMessage) -> BounceReport | None:
    """The report in a mail, or None when it is none or reports success only."""
    reported = _reported(message)
    named = _named_in_field(message)
    returned = returned_fields(message)
    outside = bool(reported or named) or _may_be_bounce(message, returned)
    if not outside and not phrases.FAILED.search(message.text[:MAX_GLANCE]):
        return None
    prose = _prose(message, returned)
    if not outside and not _declares_itself(message, prose):
        return None
    if reported:
        recipients = _from_reported(reported, prose)
    else:
        recipients = _from_prose(_told(prose, named, returned, message), prose, message)
    if not recipients and (reported or not _tells_of_failure(message, prose)):
        return None
    if not recipients:
        unread = tuple((address, "") for address in recipients_by_library(message))
        recipients = _from_prose(unread, prose, message)
    inside = read_message_id(returned.get("message-id", "")) or prose.message_id
    answered = (*message.in_reply_to, *reversed(message.references))
    return BounceReport(
        judged=min((one.judged for one in recipients), key=_GRAVITY.index, default=_unnamed(prose)),
        recipients=recipients,
        original_message_id=inside or next(iter(answered), None),
        original_recipients=_addresses(returned.get("to", "")),
        send_id=returned.get("x-rapport-send-id", "")[:100] or prose.send_id,
    )


def may_be_bounce(message: ParsedMessage) -> bool:
    """Whether the headers alone make it worth parsing."""
    named = bool(_named_in_field(message)) or _names_failure(message.subject)
    return named or _may_be_bounce(message, {})


def _reported(message: ParsedMessage) -> tuple[ReportedRecipient, ...]:
    """Recipients of the machine-readable part, wherever it is: its own part, pasted into the text
    by a broken mailer, in a report that a gateway attached as a file; or those of a JSON notice.
    """
    notice = read_notice(message)
    if notice is not None:
        return notice.recipients
    for part in message.machine_parts:
        if part.content_type in _STATUS_TYPES and (found := read_delivery_status(part.text)):
            return found
    if not _may_be_bounce(message, {}):
        return ()
    for text in (message.text, *(part.text for part in message.machine_parts)):
        if "\nfinal-recipient:" in text.lower() and (found := read_delivery_status(text)):
            return found
    return ()


def _named_in_field(message: ParsedMessage) -> tuple[str, ...]:
    return _addresses(",".join(message.headers.get("x-failed-recipients", ())))


def _may_be_bounce(message: ParsedMessage, returned: Mapping[str, str]) -> bool:
    """Outward signs of a report without a machine-readable part. One weak sign is not enough."""
    sender = message.sender
    name = f"{sender.name} {sender.address}" if sender else ""
    if message.report_type == "delivery-status" or phrases.STRONG_DAEMON.search(name):
        return True
    empty_path = message.first("return-path").strip().lower() in _EMPTY_PATHS
    signs = [
        bool(phrases.DAEMON.search(name)) or not (sender and sender.address),
        bool(phrases.SUBJECT.search(message.subject)),
        empty_path,
        bool(returned),
    ]
    return sum(signs) >= 2


def _declares_itself(message: ParsedMessage, prose: ProseBounce) -> bool:
    """Whether an unknown gateway says so in words that only mail systems use. People write about
    such mail, too: they greet, they reply, and they list no address on its own line.
    """
    title = message.subject.strip()
    answers = _ANSWER.match(title) is not None or bool(message.in_reply_to)
    if answers:
        return declares(prose.said) and lists(prose.said) and _names_failure(title)
    if shows_dialogue(prose.said):
        return prose.failed
    return declares(prose.said) and _names_failure(title)


def _names_failure(title: str) -> bool:
    return phrases.SUBJECT.search(title) is not None


def _tells_of_failure(message: ParsedMessage, prose: ProseBounce) -> bool:
    """Whether a mail system says so in prose, without naming an address."""
    sender = message.sender
    strong = sender is not None and phrases.STRONG_DAEMON.search(f"{sender.name} {sender.address}")
    failed = prose.failed and phrases.SUBJECT.search(message.subject)
    return bool((strong or message.report_type == "delivery-status") and failed)


def _unnamed(prose: ProseBounce) -> BounceClass:
    return BounceClass.DELAYED if prose.delayed else judge("", prose.said)


def _prose(message: ParsedMessage, returned: Mapping[str, str]) -> ProseBounce:
    """The prose, without the report's own sender and receiver, and without the author of the
    returned mail.
    """
    own = (*message.reply_to, *message.to, *message.cc)
    excluded = {one.address.lower() for one in own} | {_sender(message)}
    excluded |= {one.lower() for one in _addresses(returned.get("from", ""))}
    return read_prose(message.text, frozenset(excluded))


def _told(
    prose: ProseBounce,
    named: tuple[str, ...],
    returned: Mapping[str, str],
    message: ParsedMessage,
) -> tuple[tuple[str, str], ...]:
    """Addresses with what is said of each: named by a header, by prose, by the returned mail."""
    if named:
        about = dict(prose.recipients)
        return tuple((address, about.get(address, "")) for address in named)
    if prose.recipients:
        return prose.recipients
    for address in (*_addresses(returned.get("to", ""))[:1], prose.original_to):
        if address and address.lower() != _sender(message):
            return ((address, ""),)
    if phrases.SENDER.search(prose.said) or phrases.POLICY.search(prose.said):
        return ()  # who is named is the author of the refused mail
    return read_prose(message.text, frozenset({_sender(message)})).recipients


def _sender(message: ParsedMessage) -> str:
    return message.sender.address.lower() if message.sender else ""


def _from_reported(
    reported: tuple[ReportedRecipient, ...], prose: ProseBounce
) -> tuple[FailedRecipient, ...]:
    told = {address.lower(): about for address, about in prose.recipients}
    found: dict[str, FailedRecipient] = {}
    for one in reported:
        about = told.get(one.address.lower(), "")
        if not about and len(reported) == 1:
            about = prose.said
        status = one.status
        if not status or status.endswith(".0.0"):
            status = enhanced_code(one.diagnostic, about) or status
        action = one.action or (Action.DELAYED if prose.delayed else Action.FAILED)
        if action in _NOT_FAILED:
            continue
        judged = _judge(action, status, one.diagnostic, about)
        found[one.address.lower()] = FailedRecipient(
            one.address, action, status, one.diagnostic, judged, one.original
        )
    return tuple(found.values())


def _from_prose(
    told: tuple[tuple[str, str], ...], prose: ProseBounce, message: ParsedMessage
) -> tuple[FailedRecipient, ...]:
    delayed = prose.delayed or bool(phrases.DELAYED_SUBJECT.search(message.subject))
    if not (prose.failed or delayed or phrases.SUBJECT.search(message.subject)):
        return ()
    action = Action.DELAYED if delayed else Action.FAILED
    found = []
    for address, about in told:
        words = about or prose.said
        status = enhanced_code(words)
        judged = _judge(action, status, words, prose.said)
        original = made_from(about)
        found.append(FailedRecipient(address, action, status, words[:500], judged, original))
    return tuple(found)


def _judge(action: Action, status: str, *texts: str) -> BounceClass:
    return BounceClass.DELAYED if action is Action.DELAYED else judge(status, *texts)


def returned_fields(message: ParsedMessage) -> dict[str, str]:
    """The header fields of the returned mail, the first value of each."""
    notice = read_notice(message)
    first: dict[str, str] = dict(notice.returned) if notice else {}
    for part in message.machine_parts:
        kind = part.content_type
        if kind.startswith(("message/rfc822", "message/global", "text/rfc822")):
            if kind in _STATUS_TYPES:
                continue
            for name, value in read_header_block(part.text.encode("utf-8", "replace")).fields:
                first.setdefault(name, value)
            break
    return first


def _addresses(header: str) -> tuple[str, ...]:
    return tuple(one.address for one in parse_address_list(header)) if header else ()
