"""Forecasts when each pending message of a mailbox will leave, and what binds it.

What cannot be foreseen (an unsubscribe, an answer, mail sent by hand) changes the next forecast.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domain.ids import PendingId
from backend.domain.reasons import Reason, sentence
from backend.domain.sending.rule import (
    LATE_AFTER,
    MAILBOX_WIDE,
    Fail,
    Gate,
    Hold,
    Letter,
    Moment,
    Postpone,
    SendNow,
    SendRules,
    first_moment,
    limit_details,
    queue_order,
    ready_at,
    timed,
    waits_for_window,
)


@dataclass(frozen=True)
class Forecast:
    """The forecast of one message.

    `leaves_at` is None when it will not leave by itself; `reason` is what binds it, None when
    nothing does; `ahead` is how many messages of the mailbox leave before it.
    """

    id: PendingId
    leaves_at: datetime | None
    reason: Reason | None
    ahead: int = 0
    details: Mapping[str, str] = field(default_factory=dict)


def forecast(
    letters: Iterable[Letter],
    gate: Gate,
    now: datetime,
    *,
    rules: SendRules,
    first: int | None = None,
) -> list[Forecast]:
    """The forecast of each message, or of the `first` ones, in the order they are settled.

    What comes later never changes what comes first: a short look ahead is as true as a long one.
    """
    settled: list[Forecast] = []
    ahead = 0
    for step in islice(Walk(letters, gate, now, rules=rules).steps(), first):
        settled.append(_forecast(step, ahead))
        ahead += step.leaves_at is not None
    return settled


def _forecast(step: "Step", ahead: int) -> Forecast:
    return Forecast(step.letter.id, step.leaves_at, step.reason, ahead, step.details)


# Ids with the least and the most jitter: what holds for both holds for every message.
LEAST_JITTER, MOST_JITTER = UUID(int=0), UUID(int=0xFFFF)
NO_DETAILS: Mapping[str, str] = {}
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Step(NamedTuple):
    """One message is settled. `leaves_at` is None when it waits for a person or fails."""

    letter: Letter
    leaves_at: datetime | None
    reason: Reason | None
    details: Mapping[str, str] = NO_DETAILS


_Turn = tuple[tuple[int, datetime, int], Letter]


class Walk:
    """The state of the drain: who is ready, who comes later, and who waits for the window.

    `parked` wait for `parked_until`, all of them messages that the window binds; a message that was
    parked gets that promise (`_promised`) when its turn comes.
    """

    def __init__(
        self, letters: Iterable[Letter], gate: Gate, now: datetime, *, rules: SendRules
    ) -> None:
        self.start = self.now = now
        self.rules = rules
        self.departures = list(gate.departures)
        self.gate = replace(gate, departures=self.departures)
        self.waits: dict[UUID, Postpone] = {}
        self.ready: list[_Turn] = []
        self.later = [(ready_at(letter), queue_order(letter), letter) for letter in letters]
        heapify(self.later)
        self.parked: list[_Turn] = []
        self.parked_until = LONG_AGO
        self.left_when_parked = 0
        self.oldest = now

    def steps(self) -> Iterator[Step]:
        """All messages in the order in which they are settled."""
        while self.later or self.ready or self.parked:
            self._take_what_is_ready()
            if not self.ready:
                continue
            letter = self._promised(self.ready[0][1])
            decision = timed(letter, self.gate, self.now, rules=self.rules)
            match decision:
                case SendNow():
                    yield self._leaves(letter)
                case Postpone(until, reason) if reason in MAILBOX_WIDE:
                    self.waits[letter.id] = decision
                    if self._wait(until):
                        yield self._leaves(letter)
                case Postpone():
                    self._put_off(letter, decision)
                case Hold(reason, details) | Fail(reason, details):
                    heappop(self.ready)
                    yield Step(letter, None, reason, details)

    def _take_what_is_ready(self) -> None:
        if not self.ready:
            self.oldest = self.now = max(self.now, self._next_arrival() or self.now)
        if self.parked and self.parked_until <= self.now:
            self.ready, self.parked = self.ready + self.parked, []
            heapify(self.ready)
        while self.later and self.later[0][0] <= self.now:
            since, order, letter = heappop(self.later)
            self.oldest = min(self.oldest, since)
            if self._still_closed_for(letter):
                self.parked.append((order, letter))
            else:
                heappush(self.ready, (order, letter))

    def _still_closed_for(self, letter: Letter) -> bool:
        """Whether a message that becomes ready joins the parked: nothing has left since they were
        parked, so the rule would say the same of it.
        """
        return (
            bool(self.parked)
            and len(self.departures) == self.left_when_parked
            and waits_for_window(letter, self.rules)
        )

    def _next_arrival(self) -> datetime | None:
        coming = [self.later[0][0]] if self.later else []
        if self.parked:
            coming.append(self.parked_until)
        return min(coming, default=None)

    def _promised(self, letter: Letter) -> Letter:
        """The first in line, as the service would have stored it had it been parked."""
        if ready_at(letter) >= self.parked_until or self.parked_until > self.now:
            return letter
        if not waits_for_window(letter, self.rules):
            return letter
        self.waits[letter.id] = Postpone(self.parked_until, Reason.WINDOW_CLOSED)
        promised = replace(letter, not_before=self.parked_until)
        self.ready[0] = (self.ready[0][0], promised)
        return promised

    def _leaves(self, letter: Letter) -> Step:
        heappop(self.ready)
        self.departures.append(self.now)
        waited = self.waits.get(letter.id)
        if waited is None:
            reason = self._wait_until_ready(letter)
            details = limit_details(reason, self.gate.limits) if reason else NO_DETAILS
            return Step(letter, self.now, reason, details)
        return Step(letter, self.now, waited.reason, waited.details)

    def _wait_until_ready(self, letter: Letter) -> Reason | None:
        if ready_at(letter) <= self.start:
            return None
        if ready_at(letter) == letter.due_at:
            return Reason.NOT_DUE
        # A promise later than the date was made because the window was closed, or a try failed.
        pause = self.gate.limits.pause
        failed = letter.tried and pause is not None and pause.reason is Reason.PROVIDER_TROUBLE
        return Reason.PROVIDER_TROUBLE if failed else Reason.WINDOW_CLOSED

    def _wait(self, until: datetime) -> bool:
        """Go to `until`, or to the next message that becomes ready before. True at `until`: there
        the first in line leaves, because limits and window allow it from that moment on.
        """
        coming = self._next_arrival()
        if coming is not None and coming <= until:
            self.now = coming
            return False
        self.now = until
        return True

    def _put_off(self, letter: Letter, decision: Postpone) -> None:
        if self._closed_for_all(decision.until):
            self._park(decision.until)
            return
        self.waits[letter.id] = decision
        order, _ = heappop(self.ready)
        postponed = replace(letter, not_before=decision.until)
        heappush(self.later, (decision.until, order, postponed))

    def _closed_for_all(self, until: datetime) -> bool:
        """Whether every message that the window binds would be put off to `until` as well."""
        if self.parked and self.parked_until != until:
            return False
        active = max(self.oldest, self.departures[-1]) if self.departures else self.oldest
        if self.now - active > LATE_AFTER:
            return False  # some may be late, and the rule must be asked about each
        least, most = (
            first_moment(extreme, self.gate, at=self.now, bound=True)
            for extreme in (LEAST_JITTER, MOST_JITTER)
        )
        return (
            isinstance(least, Moment)
            and least == most
            and (least.at, least.binding) == (until, Reason.WINDOW_CLOSED)
        )

    def _park(self, until: datetime) -> None:
        stay: list[_Turn] = []
        for turn in self.ready:
            bound = waits_for_window(turn[1], self.rules)
            (self.parked if bound else stay).append(turn)
        heapify(stay)
        self.ready, self.parked_until = stay, until
        self.left_when_parked = len(self.departures)


MOVES: Mapping[Reason, str] = {
    Reason.NOT_DUE: "Give it an earlier date, or send it now.",
    Reason.WINDOW_CLOSED: (
        "Send it now, if the workspace lets that skip the window, or widen the sending window."
    ),
    Reason.SPACING: (
        "Delete messages before it or give them a later date; send now puts it in front of them."
    ),
    Reason.HOURLY_LIMIT: (
        "Delete messages before it or give them a later date. A higher hourly limit helps as well, "
        "where there is room."
    ),
    Reason.DAILY_LIMIT: (
        "Raise the daily limit in Email settings, or delete messages before it. Mail sent by hand "
        "in Gmail counts as well."
    ),
    Reason.PROVIDER_LIMIT: "Nothing here: Google said when sending may continue.",
    Reason.PROVIDER_TROUBLE: "Nothing here: it is tried again by itself, with growing pauses.",
    Reason.SENDING_REFUSED: (
        "Nothing here, unless it stays so: then connect the mailbox again, or ask the "
        "administrator of Google Workspace."
    ),
    Reason.MAILBOX_PAUSED: "End the pause of the mailbox.",
    Reason.OVER_LIMIT: "Raise the daily limit in Email settings, then schedule it again.",
}
MOVES_NOTHING = "Nothing holds it up."


@dataclass(frozen=True)
class Explanation:
    """One sentence on what will happen and one on what would change it."""

    sentence: str
    moves: str


def explain(forecast: Forecast, zone: str) -> Explanation:
    """The forecast for a reader whose clock is in `zone`.

    >>> from datetime import UTC
    >>> from uuid import UUID
    >>> at = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    >>> waits = Forecast(UUID(int=1), at, Reason.NOT_DUE, ahead=2)
    >>> explain(waits, "Europe/Berlin").sentence
    'Waits because it is scheduled for Mon 12 Jan, 09:00. 2 messages leave before it.'
    """
    if forecast.reason is None:
        return Explanation("Leaves now.", MOVES_NOTHING)
    details = dict(forecast.details)
    if forecast.leaves_at is not None:
        details["until"] = civil(forecast.leaves_at, zone)
    said = sentence(forecast.reason, **details)
    if forecast.leaves_at is not None and forecast.ahead:
        said += f" {_messages(forecast.ahead)} before it."
    # A held message's own sentence already says what to do.
    return Explanation(said, MOVES.get(forecast.reason, ""))


def civil(moment: datetime, zone: str) -> str:
    """A moment on the clocks of `zone`, short and without a year: forecasts are near."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b, %H:%M}"


def _messages(count: int) -> str:
    return "1 message leaves" if count == 1 else f"{count} messages leave"
