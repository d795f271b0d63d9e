"""When each pending message of a mailbox will leave, and what binds it, as far as can be known now.

Separate from sending because it looks ahead; it walks through the same decisions as the drain that
`sending` describes, on a clock that jumps from one decision to the next, so that both agree. What
cannot be foreseen (an unsubscribe, an answer, mail sent by hand) changes the next forecast.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import TypeVar
from uuid import UUID

from backend.domain.reasons import Reason
from backend.domain.send_decision import MAILBOX_WIDE, Fail, Hold, Postpone, SendNow
from backend.domain.send_facts import Gate, Letter, SendRules
from backend.domain.send_timing import queue_order, ready_at, timed

Key = TypeVar("Key")


@dataclass(frozen=True)
class Forecast:
    """What will become of one message.

    `leaves_at` is None when it will not leave by itself; `reason` is what binds it, None when
    nothing does; `ahead` is how many messages of the mailbox leave before it.
    """

    id: UUID
    leaves_at: datetime | None
    reason: Reason | None
    ahead: int = 0
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """The pending messages of one mailbox and what they pass through."""

    letters: Iterable[Letter]
    gate: Gate
    rules: SendRules = field(default_factory=SendRules)


def plan(queues: Mapping[Key, Queue], now: datetime) -> dict[Key, list[Forecast]]:
    """The forecasts of many mailboxes. They do not touch each other: each has limits of its own."""
    return {
        key: forecast(queue.letters, queue.gate, now, rules=queue.rules)
        for key, queue in queues.items()
    }


def forecast(
    letters: Iterable[Letter], gate: Gate, now: datetime, *, rules: SendRules
) -> list[Forecast]:
    """What will become of each message, in the order in which it is settled."""
    walk = _Walk(letters, gate, now, rules)
    settled: list[Forecast] = []
    while (one := walk.step()) is not None:
        settled.append(one)
    return settled


_Turn = tuple[tuple[int, datetime, int], Letter]


class _Walk:
    """A drain of one mailbox on a clock that jumps."""

    def __init__(
        self, letters: Iterable[Letter], gate: Gate, now: datetime, rules: SendRules
    ) -> None:
        self.start = self.now = now
        self.rules = rules
        self.departures = list(gate.departures)
        self.gate = replace(gate, departures=self.departures)
        self.waits: dict[UUID, Postpone] = {}
        self.sent = 0
        self.ready: list[_Turn] = []
        self.later = [(ready_at(letter), queue_order(letter), letter) for letter in letters]
        heapify(self.later)

    def step(self) -> Forecast | None:
        """The next message that is settled, or None when all are."""
        while self.later or self.ready:
            self._take_what_is_ready()
            letter = self.ready[0][1]
            decision = timed(letter, self.gate, self.now, rules=self.rules)
            match decision:
                case SendNow():
                    heappop(self.ready)
                    return self._leaves(letter)
                case Postpone(until, reason) if reason in MAILBOX_WIDE:
                    self.waits[letter.id] = decision
                    if self._wait(until):
                        heappop(self.ready)
                        return self._leaves(letter)
                case Postpone():
                    self._put_off(letter, decision)
                case Hold(reason, details) | Fail(reason, details):
                    heappop(self.ready)
                    return Forecast(letter.id, None, reason, self.sent, details)
        return None

    def _take_what_is_ready(self) -> None:
        if not self.ready:
            self.now = max(self.now, self.later[0][0])
        while self.later and self.later[0][0] <= self.now:
            _, order, letter = heappop(self.later)
            heappush(self.ready, (order, letter))

    def _leaves(self, letter: Letter) -> Forecast:
        waited = self.waits.get(letter.id)
        ahead, self.sent = self.sent, self.sent + 1
        self.departures.append(self.now)
        if waited is None:
            return Forecast(letter.id, self.now, self._wait_until_ready(letter), ahead)
        return Forecast(letter.id, self.now, waited.reason, ahead, waited.details)

    def _wait_until_ready(self, letter: Letter) -> Reason | None:
        if ready_at(letter) <= self.start:
            return None
        # A promise later than the date was made because the window was closed.
        return Reason.NOT_DUE if ready_at(letter) == letter.due_at else Reason.WINDOW_CLOSED

    def _wait(self, until: datetime) -> bool:
        """Go to `until`, or to the next message that becomes ready before. True at `until`: there
        the first in line leaves, because limits and window allow it from that moment on.
        """
        if self.later and self.later[0][0] <= until:
            self.now = self.later[0][0]
            return False
        self.now = until
        return True

    def _put_off(self, letter: Letter, decision: Postpone) -> None:
        self.waits[letter.id] = decision
        order, _ = heappop(self.ready)
        postponed = replace(letter, not_before=decision.until)
        heappush(self.later, (decision.until, order, postponed))
