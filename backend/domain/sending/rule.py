"""Whether one pending message leaves now, later, not without a person, or never.

The rule that composes the others: windows say when, the throttle says how fast, suppression says to
whom. Pure: a service gathers the facts, asks here, and carries the decision out.

At the last second only an unsubscribe, a suppression or an erasure discards; everything else that
changed holds the message for a person, because a mail that has left cannot be called back.

A service drains one mailbox so, and a forecast does the same ahead of time: it decides the first in
`queue_order` among the messages that are scheduled and ready (`ready_at`). When that is postponed
for a reason in MAILBOX_WIDE, nothing else of the mailbox leaves before then; the message keeps its
place, and the mailbox is looked at again at that moment, or when another message becomes ready.
Postponed for another reason, only this message is put off, and the next one is decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from backend.domain.ids import PendingId
from backend.domain.policies import OverLimit, Policies, SendNowBypass, WindowAppliesTo
from backend.domain.reasons import Reason
from backend.domain.sending.suppression import Mailing, Suppression, blocked
from backend.domain.sending.throttle import SendLimits, next_slot
from backend.domain.sending.windows import SendingWindow, next_open


@dataclass(frozen=True)
class SendNow:
    """It leaves."""


@dataclass(frozen=True)
class Postpone:
    """It leaves by itself, not before `until`."""

    until: datetime
    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hold:
    """It waits for a person."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Discard:
    """It never leaves."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fail:
    """It does not leave, and its author is notified (D-9 on `fail`)."""

    reason: Reason
    details: Mapping[str, str] = field(default_factory=dict)


Decision = SendNow | Postpone | Hold | Discard | Fail

# Postponed for one of these, every other message of the mailbox waits as well.
MAILBOX_WIDE = frozenset(
    {
        Reason.SPACING,
        Reason.HOURLY_LIMIT,
        Reason.DAILY_LIMIT,
        Reason.PROVIDER_LIMIT,
        Reason.PROVIDER_TROUBLE,
        Reason.SENDING_REFUSED,
        Reason.LIMITER_DOWN,
        Reason.MAILBOX_BUSY,
        Reason.MAILBOX_PAUSED,
    }
)


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
    ones distinguish a mailbox that waited for its limits from one that was down.
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


# Mail that could have left longer ago than this waits for a person: its moment may have passed.
LATE_AFTER = timedelta(hours=4)
LATE_DETAILS = {"limit": f"{LATE_AFTER // timedelta(hours=1)} hours"}

RANKS: Mapping[SendKind, int] = {
    SendKind.ONE_TO_ONE: 1,
    SendKind.AUTOMATED: 2,
    SendKind.BULK: 3,
}


def queue_order(letter: Letter) -> tuple[int, datetime, int]:
    """Which of the messages that are due leaves first.

    What a person asked for now, then mail written by hand, then automation, then bulk mail; inside
    each by due time and id.
    """
    rank = 0 if letter.urgency is Urgency.NOW else RANKS[letter.kind]
    return rank, letter.due_at, letter.id.int


def ready_at(letter: Letter) -> datetime:
    """When the message is looked at next: when it is due, or what the last Postpone promised."""
    return max(letter.due_at, letter.not_before or letter.due_at)


def timed(
    letter: Letter, gate: Gate, now: datetime, *, rules: SendRules
) -> SendNow | Postpone | Hold | Fail:
    """What time, limits and the state of the mailbox say about a message that is due."""
    match gate.state:
        case MailboxState.DISCONNECTED:
            return Hold(Reason.MAILBOX_DISCONNECTED)
        case MailboxState.SCOPE_MISSING:
            return Hold(Reason.SCOPE_MISSING)
        case MailboxState.BLOCKED:
            return Hold(Reason.MAILBOX_BLOCKED)
        case MailboxState.READY:
            return _timed_when_ready(letter, gate, now, rules=rules)


def _timed_when_ready(
    letter: Letter, gate: Gate, now: datetime, *, rules: SendRules
) -> SendNow | Postpone | Hold | Fail:
    bound = waits_for_window(letter, rules)
    found = first_moment(letter.id, gate, at=now, bound=bound)
    if isinstance(found, Hold):
        return found
    if is_late(letter, gate, now, bound=bound):
        return Hold(Reason.LATE_AFTER_OUTAGE, LATE_DETAILS)
    if found.over_daily and rules.over_limit is OverLimit.FAIL:
        return Fail(Reason.OVER_LIMIT, {"limit": str(gate.limits.daily)})
    if found.binding is None:
        return SendNow()
    return Postpone(found.at, found.binding, limit_details(found.binding, gate.limits))


def waits_for_window(letter: Letter, rules: SendRules) -> bool:
    """Whether the sender's window binds this message (D-24). The limits bind every message."""
    if letter.urgency is Urgency.NOW and rules.send_now_bypass is SendNowBypass.WINDOW:
        return False
    return (
        rules.window_applies_to is WindowAppliesTo.ALL_SCHEDULED
        or letter.kind is not SendKind.ONE_TO_ONE
    )


class Moment(NamedTuple):
    """When a message can leave, and what bound it last.

    `over_daily`: the limit of 24 hours was in the way, whatever bound it after that.
    """

    at: datetime
    binding: Reason | None
    over_daily: bool = False


def first_moment(send_id: UUID, gate: Gate, *, at: datetime, bound: bool) -> Moment | Hold:
    """The first moment from `at` on at which window and limits both allow the message.

    Once the limits allow it they keep allowing it, as long as nothing else leaves; so the window is
    asked about the slot and has the last word.
    """
    slot = next_slot(gate.departures, gate.limits, at=at, send_id=send_id)
    if slot is None:
        return Hold(Reason.LIMIT_ZERO)
    opens = next_open(gate.windows, slot.at) if bound else slot.at
    if opens is None:
        return Hold(Reason.NO_WINDOW)
    over = slot.binding is Reason.DAILY_LIMIT and (
        not bound or next_open(gate.windows, at) != opens
    )
    if opens > slot.at:
        return Moment(opens, Reason.WINDOW_CLOSED, over)
    return Moment(slot.at, slot.binding, over)


def is_late(letter: Letter, gate: Gate, now: datetime, *, bound: bool) -> bool:
    """Whether the message could have left so long ago that something must have been down since.

    A mailbox that keeps sending is not down, so a message that queues behind its limits is not
    late.
    """
    asked = ready_at(letter)
    latest = max(asked, gate.departures[-1]) if gate.departures else asked
    if now - latest <= LATE_AFTER:
        return False
    could = first_moment(letter.id, gate, at=asked, bound=bound)
    return isinstance(could, Moment) and now - could.at > LATE_AFTER


def limit_details(reason: Reason, limits: SendLimits) -> dict[str, str]:
    """The details of the sentence of `reason`: a number, or the provider's answer."""
    if limits.pause is not None and limits.pause.reason is reason and limits.pause.answer:
        return {"answer": limits.pause.answer}
    if reason is Reason.DAILY_LIMIT:
        return {"limit": str(limits.daily)}
    return {"limit": str(limits.hourly)} if reason is Reason.HOURLY_LIMIT else {}


def decide(facts: SendFacts, now: datetime, *, rules: SendRules) -> Decision:
    """Decide about the message at `now`."""
    letter = facts.letter
    if letter.due_at > now:
        return Postpone(letter.due_at, Reason.NOT_DUE)
    held = _by_recipients(facts) or _by_changes(facts)
    return held or timed(letter, facts.gate, now, rules=rules)


def _by_recipients(facts: SendFacts) -> Discard | Hold | None:
    stopped = blocked([*facts.to, *facts.copies], facts.suppressions, facts.mailing)
    if not stopped:
        return None
    address, reason = next(iter(stopped.items()))
    if all(recipient in stopped for recipient in facts.to):
        return Discard(reason, {"address": address})
    return Hold(Reason.RECIPIENT_BLOCKED, {"address": address})


def _by_changes(facts: SendFacts) -> Hold | None:
    for change in Change:
        asked_for_anyway = change is Change.CONTACT_REPLIED and facts.letter.urgency is Urgency.NOW
        if change in facts.changes and not asked_for_anyway:
            return Hold(Reason(change.value))
    return None
