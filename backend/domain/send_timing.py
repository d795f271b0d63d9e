"""When a message can leave: windows and limits together, whose turn it is, and what is too late.

Separate from `sending.decide` because a forecast can know all of this beforehand, while people who
unsubscribe or answer cannot be foreseen.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from backend.domain.policies import OverLimit, SendNowBypass, WindowAppliesTo
from backend.domain.reasons import Reason
from backend.domain.send_decision import Fail, Hold, Postpone, SendNow
from backend.domain.send_facts import Gate, Letter, MailboxState, SendKind, SendRules, Urgency
from backend.domain.throttle import SendLimits, next_slot
from backend.domain.windows import next_open

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

    Once the limits allow it they go on to, as long as nothing else leaves; so the window is asked
    about the slot and has the last word.
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

    A mailbox that keeps sending is not down, so whoever queues behind its limits is not late.
    """
    asked = ready_at(letter)
    latest = max(asked, gate.departures[-1]) if gate.departures else asked
    if now - latest <= LATE_AFTER:
        return False
    could = first_moment(letter.id, gate, at=asked, bound=bound)
    return isinstance(could, Moment) and now - could.at > LATE_AFTER


def limit_details(reason: Reason, limits: SendLimits) -> dict[str, str]:
    """What belongs into the sentence of `reason`: a number, or what was answered."""
    if limits.pause is not None and limits.pause.reason is reason and limits.pause.answer:
        return {"answer": limits.pause.answer}
    if reason is Reason.DAILY_LIMIT:
        return {"limit": str(limits.daily)}
    return {"limit": str(limits.hourly)} if reason is Reason.HOURLY_LIMIT else {}
