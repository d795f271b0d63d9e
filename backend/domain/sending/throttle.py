"""How fast mail may leave a mailbox: a rolling day, a rolling hour, and a gap between two messages.

Separate from windows, which are about the clock on the wall, and from sending, which composes both.
Google counts any 24 hours and everything that leaves, mail sent by hand in Gmail included (P-1,
D-11), so the history given here must hold every departure and not only ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from backend.domain.reasons import Reason

HOUR = timedelta(hours=1)
ROLLING_DAY = timedelta(hours=24)
# Mail without an account of Google Workspace: Google stops at 500, so 100 are left for hand-written
# mail that leaves at the same moment.
CONSUMER_CEILING = 400
# Share of the gap between two messages that is added at most, so that it looks less like a clock.
JITTER_PERCENT = 20

WHY_LIMITS = (
    "Both limits keep Gmail from distrusting the sender. A sender's reputation is lost quickly and "
    "takes weeks to repair, and mail sent by hand in Gmail counts as well."
)


@dataclass(frozen=True)
class Pause:
    """Nothing leaves before `until`. The reason says whether Google asked for it, a person, or
    something failed; `answer` is what was answered then.
    """

    until: datetime
    reason: Reason
    answer: str = ""


@dataclass(frozen=True)
class SendLimits:
    """What one mailbox may send: messages in any 24 hours, in any hour, and a pause in force."""

    daily: int
    hourly: int
    pause: Pause | None = None


class Slot(NamedTuple):
    """The first moment at which one more message may leave, and the limit that made it so late.

    `binding` is None when nothing made it wait.
    """

    at: datetime
    binding: Reason | None


def effective_daily(
    member: int, *, admin_cap: int | None, ceiling: int, consumer: bool = False
) -> int:
    """The daily limit in force: the lowest of all that apply. A cap lowers and never raises (D-12).

    >>> effective_daily(250, admin_cap=None, ceiling=2000)
    250
    >>> effective_daily(250, admin_cap=500, ceiling=2000)
    250
    >>> effective_daily(1000, admin_cap=300, ceiling=2000)
    300
    """
    limits = [member, ceiling]
    if admin_cap is not None:
        limits.append(admin_cap)
    if consumer:
        limits.append(CONSUMER_CEILING)
    return max(0, min(limits))


def reachable_in_a_day(limits: SendLimits, open_time: timedelta) -> int:
    """What really can leave in a day whose windows are open for `open_time`.

    A page shows it beside the limit, because an hourly limit can make the daily one unreachable.

    >>> reachable_in_a_day(SendLimits(daily=1000, hourly=60), timedelta(hours=8))
    480
    """
    return min(limits.daily, int(limits.hourly * (open_time / HOUR)))


def spacing(hourly: int, send_id: UUID) -> timedelta:
    """The gap before the message `send_id`: an even share of the hour, and up to 20 % more.

    The extra comes from the id, so that a forecast knows it before the message leaves.
    """
    share = HOUR // hourly
    return share + share * (send_id.int & 0xFFFF) * JITTER_PERCENT // (100 * 0x10000)


def next_slot(
    departures: Sequence[datetime], limits: SendLimits, *, at: datetime, send_id: UUID
) -> Slot | None:
    """The first moment from `at` on at which `send_id` may leave; None when nothing ever may.

    `departures` holds all moments of the last 24 hours, sorted. A departure in the future (another
    machine's clock, a reserved slot) comes first. A message counts until it is exactly 24 hours, or
    one hour, old; so after the n-th last departure has aged, one more fits into every window.
    """
    if limits.daily <= 0 or limits.hourly <= 0:
        return None
    latest, binding = at, None
    for moment, reason in _bounds(departures, limits, send_id):
        # Of two at the same moment the first is named: what a person can change least.
        if moment > latest:
            latest, binding = moment, reason
    return Slot(latest, binding)


def _bounds(
    departures: Sequence[datetime], limits: SendLimits, send_id: UUID
) -> list[tuple[datetime, Reason]]:
    bounds: list[tuple[datetime, Reason]] = []
    if limits.pause is not None:
        bounds.append((limits.pause.until, limits.pause.reason))
    count = len(departures)
    if count >= limits.daily:
        bounds.append((departures[-limits.daily] + ROLLING_DAY, Reason.DAILY_LIMIT))
    if count >= limits.hourly:
        bounds.append((departures[-limits.hourly] + HOUR, Reason.HOURLY_LIMIT))
    if departures:
        bounds.append((departures[-1] + spacing(limits.hourly, send_id), Reason.SPACING))
    return bounds
