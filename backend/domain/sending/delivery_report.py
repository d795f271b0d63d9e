"""The content of a delivery report: the address, the outcome, and the mail it is about.

A spam complaint (RFC 5965) says the same as a bounce in another grammar, and the consequences do
not depend on the format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from backend.domain.ids import MessageId, PendingId
from backend.domain.mail.address import address_key
from backend.domain.mail.address_list import parse_address_list
from backend.domain.mail.bounces.detection import BounceReport, read_bounce, returned_fields
from backend.domain.mail.bounces.notices import read_notice
from backend.domain.mail.bounces.vouching import proven_domain
from backend.domain.mail.headers import message_id
from backend.domain.mail.kinds import MailKind
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.mime.fields import read_header_block
from backend.domain.sending.pending import pending_id_of

MOST_TOLD = 200
"""Addresses of one report that are looked at. Gmail sends to 100 in the API, 500 on its page."""

DIAGNOSTIC_CHARS = 300
"""Characters of what a server said that are kept: enough to act on, too few to hide a mail in."""

_NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "dmarc"})


class Outcome(StrEnum):
    """The outcome of a mail at one address, the gravest last.

    Delayed: still being tried. Policy: the mail or its sender was refused, the address may be fine.
    Soft: not now. Hard: there is no such address. Complaint: its owner called the mail spam.
    """

    DELAYED = "delayed"
    POLICY = "policy"
    SOFT = "soft"
    HARD = "hard"
    COMPLAINT = "complaint"


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.DELAYED: "Not delivered to {address} yet: it is still being tried",
    Outcome.POLICY: "Could not be delivered to {address}: the mail was refused",
    Outcome.SOFT: "Could not be delivered to {address}: it does not take mail at present",
    Outcome.HARD: "Could not be delivered to {address}: no such address",
    Outcome.COMPLAINT: "{address} reported it as spam",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One address as the report has it. `original` is the address written to, if the report names
    it apart.
    """

    address: str
    outcome: Outcome
    status: str = ""
    diagnostic: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `send_id` and `message_id` are of the mail it claims to be about, and claims only:
    a report's author may put anything there. The list of addresses may be empty. `sent_by` is the
    domain that is known to have sent it, if any.
    """

    outcome: Outcome
    told: tuple[Told, ...]
    send_id: PendingId | None
    message_id: str | None
    sent_by: str = ""


@dataclass(frozen=True, kw_only=True)
class LeftMail:
    """A stored message that left one of our mailboxes, with its recipients' addresses."""

    id: MessageId
    identity: bytes
    recipients: frozenset[str]


def which_left(report: Report, mails: Sequence[LeftMail]) -> LeftMail | None:
    """The message that the report is about, of those with its Message-ID, the newest first: some
    programs repeat one, and then the addresses decide.
    """
    told = {address_key(text) for one in report.told for text in (one.address, one.original)}
    written = [one for one in mails if not told.isdisjoint(map(address_key, one.recipients))]
    return next(iter(written or mails), None)


def read_report(message: ParsedMessage, kind: MailKind) -> Report | None:
    """The report in a mail of this kind, or None. A notice of a delay counts as an automatic reply
    and is a report all the same.
    """
    if kind is MailKind.COMPLAINT:
        found = _complaint(message)
    elif kind in {MailKind.BOUNCE, MailKind.AUTO_REPLY} and (bounce := read_bounce(message)):
        found = _of_bounce(bounce)
    else:
        return None
    return replace(found, sent_by=proven_domain(message)) if found else None


def could_not(address: str, outcome: Outcome, diagnostic: str = "") -> str:
    """The outcome of the mail, in a sentence without its full stop.

    >>> could_not("mia@alpha.example", Outcome.HARD, "550 5.1.1 user unknown")
    'Could not be delivered to mia@alpha.example: no such address (550 5.1.1 user unknown)'
    """
    said = OUTCOME_WORDS[outcome].format(address=address)
    return f"{said} ({diagnostic})" if diagnostic else said


def _of_bounce(bounce: BounceReport) -> Report:
    return Report(
        outcome=Outcome(bounce.judged.value),
        told=tuple(
            Told(
                one.address,
                Outcome(one.judged.value),
                one.status,
                _bounded(one.diagnostic),
                one.original,
            )
            for one in bounce.recipients[:MOST_TOLD]
        ),
        send_id=pending_id_of(bounce.send_id),
        message_id=bounce.original_message_id,
    )


def _complaint(message: ParsedMessage) -> Report | None:
    """Providers often leave the address out; then the mail itself may say whom it was for."""
    fields = _feedback_fields(message)
    if fields.get("feedback-type", "abuse").strip().lower() in _NO_COMPLAINT:
        return None
    returned = returned_fields(message)
    names = ("original-rcpt-to", "x-hmxmroriginalrecipient")
    named = ",".join(
        source[name] for source in (fields, returned) for name in names if name in source
    )
    return Report(
        outcome=Outcome.COMPLAINT,
        told=tuple(
            Told(one.address, Outcome.COMPLAINT)
            for one in parse_address_list(named or returned.get("to", ""))[:MOST_TOLD]
        ),
        send_id=pending_id_of(returned.get("x-rapport-send-id")),
        message_id=message_id(returned.get("message-id", "")),
    )


def _feedback_fields(message: ParsedMessage) -> dict[str, str]:
    """The machine part; an address may be named several times and is joined."""
    notice = read_notice(message)
    found: dict[str, str] = dict(notice.feedback) if notice else {}
    for part in message.machine_parts:
        if part.content_type == "message/feedback-report":
            for name, value in read_header_block(part.text.encode("utf-8", "replace")).fields:
                found[name] = f"{found[name]},{value}" if name in found else value
            break
    return found


def _bounded(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:DIAGNOSTIC_CHARS]
