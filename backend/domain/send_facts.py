"""What is known about a message that is about to leave, in the narrow form the sending rules need.

Separate from the rules so that the service that gathers it, and the tests, name exactly this much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import PendingId
from backend.domain.policies import OverLimit, Policies, SendNowBypass, WindowAppliesTo
from backend.domain.suppression import Mailing, Suppression
from backend.domain.throttle import SendLimits
from backend.domain.windows import SendingWindow


class SendKind(StrEnum):
    """Who wrote a message, in the order in which messages of one mailbox leave."""

    ONE_TO_ONE = "one_to_one"
    AUTOMATED = "automated"
    BULK = "bulk"


class Urgency(StrEnum):
    """Whether a message waits for its date, or a person said to send it now."""

    NOW = "now"
    SCHEDULED = "scheduled"


class MailboxState(StrEnum):
    """Whether the mailbox can send at all."""

    READY = "ready"
    DISCONNECTED = "disconnected"
    SCOPE_MISSING = "scope_missing"
    BLOCKED = "blocked"


class Change(StrEnum):
    """What happened between writing a message and its leaving."""

    CONTACT_REPLIED = "contact_replied"
    CONTENT_CHANGED = "content_changed"
    SENDER_GONE = "sender_gone"


@dataclass(frozen=True, kw_only=True)
class SendRules:
    """The workspace's choices that this rule reads (D-9 and D-24)."""

    over_limit: OverLimit = OverLimit.WAIT
    window_applies_to: WindowAppliesTo = WindowAppliesTo.ALL_SCHEDULED
    send_now_bypass: SendNowBypass = SendNowBypass.WINDOW

    @classmethod
    def of(cls, policies: Policies) -> "SendRules":
        """The choices in force."""
        return cls(
            over_limit=policies.over_limit,
            window_applies_to=policies.window_applies_to,
            send_now_bypass=policies.send_now_bypass,
        )


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What all messages of one mailbox pass through. No windows means always open.

    `departures`: the moments at which mail left the mailbox, sorted, mail sent by hand included:
    all of the last 24 hours, and never fewer than the last `limits.daily`, however old. The old
    ones tell a mailbox that waited for its limits from one that was down.
    """

    limits: SendLimits
    windows: Sequence[SendingWindow] = ()
    departures: Sequence[datetime] = ()
    state: MailboxState = MailboxState.READY


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message as the rule sees it.

    `due_at` is the moment it was asked to leave at: its date, or when somebody said send now or
    released it. `not_before` is the promise of the last Postpone, if there was one; `tried` says
    that it was posted before, in vain.
    """

    id: PendingId
    due_at: datetime
    not_before: datetime | None = None
    tried: bool = False
    kind: SendKind = SendKind.ONE_TO_ONE
    urgency: Urgency = Urgency.SCHEDULED


@dataclass(frozen=True, kw_only=True)
class SendFacts:
    """All that is known at the last second. Addresses are keys; `to` never is empty."""

    letter: Letter
    gate: Gate
    to: Sequence[str]
    copies: Sequence[str] = ()
    suppressions: Sequence[Suppression] = ()
    mailing: Mailing = field(default_factory=Mailing)
    changes: frozenset[Change] = frozenset()
