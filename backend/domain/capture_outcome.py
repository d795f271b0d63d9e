"""What can become of a message that was seen: kept, left out or set aside, each with its why.

Separate from the rule that decides, because storing, showing and explaining a decision need to know
what it says and not how it was reached. Each names reason, rule and deciding address (N2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.people_on import People
from backend.domain.reasons import Reason


class Rule(StrEnum):
    """The rule that decided, as stored in the decision."""

    READING = "reading"
    LABELS = "labels"
    ERASURE = "erasure"
    PERSON = "person"
    SEND_ID = "send_id"
    NEVER_LOG = "never_log"
    INTERNAL = "internal"
    MATCHING = "matching"
    BOUNCE = "bounce"
    FOLLOWED = "followed"
    SHARED = "shared"


class Weight(StrEnum):
    """What a kept message counts as.

    Only an answer moves "last reply" and stops what is pending; a machine's mail neither answers
    nor makes contacts, though it is kept with the people it concerns (M8).
    """

    ANSWER = "answer"
    PLAIN = "plain"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Store the message with these people."""

    reason: Reason
    rule: Rule
    address: str | None
    people: People
    weight: Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Store nothing readable of it: codes and keyed hashes only, of the address as well."""

    reason: Reason
    rule: Rule
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Set it aside where people see it."""

    reason: Reason
    rule: Rule = Rule.READING


SETTING_BEHIND: Mapping[Reason, str] = {
    Reason.MATCHED_SENDER: "match.fields",
    Reason.MATCHED_RECIPIENT: "match.fields",
    Reason.MATCHED_REPLY_TO: "match.fields",
    Reason.ONLY_COPIED: "match.fields",
    Reason.ONLY_REPLY_TO: "match.fields",
    Reason.THIRD_PARTY_ALLOWED: "match.third_party_sender",
    Reason.THIRD_PARTY_SENDER: "match.third_party_sender",
    Reason.MATCHED_DOMAIN: "match.by_domain",
    Reason.NO_ACCOUNT_KNOWN: "match.by_domain",
    Reason.NOT_ASSIGNED: "match.require_assignment",
    Reason.SHARED_MAILBOX: "mailbox.capture",
    Reason.NOBODY_KNOWN: "mailbox.capture",
    Reason.OUTSIDE_IMPORT: "import.mode",
}
"""The setting whose other value might have decided otherwise, for "why is this here"."""
