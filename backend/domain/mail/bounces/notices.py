"""Parses reports in JSON, as Amazon SES writes them and SNS mails them.

A notice is turned into what a delivery report (RFC 3464) or a feedback report (RFC 5965) would say,
so that the same rules judge it. Any sender's notice is read; whether a report is believed is
decided where it takes effect.
"""

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from backend.domain.mail.bounces.dsn import MAX_RECIPIENTS, ReportedRecipient
from backend.domain.mail.bounces.report import Action
from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.message import ParsedMessage

MAX_CHARS = 300_000
"""Characters of a notice: the service cuts off the mail's own header fields far below that."""

_SENDER = lazy_pattern(r"@(?:[\w-]{1,63}\.){0,4}amazonaws\.com$", re.IGNORECASE)
_FIELD = "x-amz-sns-message-id"
_TOLD = {
    "bounce": ("bouncedRecipients", Action.FAILED),
    "deliverydelay": ("delayedRecipients", Action.DELAYED),
    "complaint": ("complainedRecipients", Action.FAILED),
}
_STATUS = lazy_pattern(r"[245]\.\d{1,3}\.\d{1,3}")
# What a kind of bounce means where no server says more.
_MEANT = {"permanent": "5.1.1", "transient": "4.0.0"}
# A long line may be broken between any two characters; JSON itself loses nothing by removing such
# breaks.
_BROKEN = lazy_pattern(r"\r?\n ")


@dataclass(frozen=True, slots=True)
class Notice:
    """`feedback` has the fields of a feedback report when somebody complained; `returned` the
    headers of the message it is about.
    """

    recipients: tuple[ReportedRecipient, ...]
    feedback: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)


def read_notice(message: ParsedMessage) -> Notice | None:
    """The notice in a mail; None when it holds none."""
    sender = message.sender.address if message.sender else ""
    if not _SENDER.search(sender) and not message.first(_FIELD):
        return None
    return _read(message.text[:MAX_CHARS])


@lru_cache(maxsize=4)
def _read(text: str) -> Notice | None:
    """Cached briefly: several readers ask about one message."""
    outer = _object(text)
    inner = outer.get("Message")
    told = _object(inner) if isinstance(inner, str) else outer
    kind = str(told.get("notificationType") or told.get("eventType") or "").lower()
    if kind not in _TOLD:
        return None
    list_name, action = _TOLD[kind]
    report = _mapping(told.get("deliveryDelay" if action is Action.DELAYED else kind))
    recipients = tuple(
        _recipient(one, action, _MEANT.get(str(report.get("bounceType")).lower(), ""))
        for one in _mappings(report.get(list_name))
        if "@" in str(one.get("emailAddress"))
    )
    returned = _returned(_mapping(told.get("mail")))
    if kind != "complaint":
        return Notice(recipients, returned=returned) if recipients else None
    about = str(report.get("complaintFeedbackType") or "abuse")
    named = ",".join(one.address for one in recipients)
    return Notice((), {"feedback-type": about, "original-rcpt-to": named}, returned)


def _object(text: str) -> dict[str, Any]:
    """The first object in a text; empty when there is none."""
    begin = max(text.find("{"), 0)
    try:
        return _mapping(json.JSONDecoder(strict=False).raw_decode(_BROKEN.sub("", text[begin:]))[0])
    except (ValueError, RecursionError):
        return {}


def _recipient(one: dict[str, Any], action: Action, meant: str) -> ReportedRecipient:
    code = str(one.get("diagnosticCode") or "")
    kind, semicolon, rest = code.partition(";")
    said = rest if semicolon and " " not in kind.strip() else code
    status = _STATUS.search(str(one.get("status")))
    return ReportedRecipient(
        address=str(one["emailAddress"])[:320].strip(" <>"),
        original="",
        action=action,
        status=status[0] if status else meant,
        diagnostic=" ".join(said.split())[:2000],
    )


def _returned(mail: dict[str, Any]) -> dict[str, str]:
    """Header fields of the mail, the first value of each, in lower case."""
    fields = {
        str(one.get("name")).lower(): str(one.get("value"))
        for one in reversed(_mappings(mail.get("headers")))
    }
    common = _mapping(mail.get("commonHeaders"))
    if isinstance(common.get("messageId"), str):
        fields.setdefault("message-id", common["messageId"])
    to = common.get("to") or mail.get("destination")
    if isinstance(to, list):
        fields.setdefault("to", ", ".join(str(one) for one in to[:MAX_RECIPIENTS]))
    return fields


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[dict[str, Any]]:
    listed = value[:MAX_RECIPIENTS] if isinstance(value, list) else []
    return [one for one in listed if isinstance(one, dict)]
