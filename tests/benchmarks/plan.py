"""How long it takes to foresee 100,000 pending messages of 200 mailboxes, and to replan one.

Run: python -m tests.benchmarks.plan [rounds]. The floor is what the same interpreter needs to sort
the same messages and give each a moment a minute after the one before, without any rule. Goal line
P8: all of them within 4.7 s, one mailbox of 500 within 32 ms.
"""

import gc
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import NamedTuple
from uuid import UUID

from backend.domain.ids import PendingId
from backend.domain.sending.forecast import forecast
from backend.domain.sending.rule import Gate, Letter, SendKind, SendRules, queue_order
from backend.domain.sending.throttle import SendLimits
from backend.domain.sending.windows import WORKDAYS, SendingWindow

MAILBOXES, LETTERS = 200, 500
NOW = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "America/Sao_Paulo", "Asia/Kolkata")
MINUTE = timedelta(minutes=1)


class Queue(NamedTuple):
    """The pending messages of one mailbox and what they pass through."""

    letters: list[Letter]
    gate: Gate
    rules: SendRules = SendRules()

    def plan(self) -> object:
        """The forecasts of all of them."""
        return forecast(self.letters, self.gate, NOW, rules=self.rules)


def queues(rng: random.Random, spread: timedelta) -> dict[int, Queue]:
    """Mailboxes with a window, some history and messages due within `spread`."""
    return {number: _queue(rng, spread, ZONES[number % len(ZONES)]) for number in range(MAILBOXES)}


def _queue(rng: random.Random, spread: timedelta, zone: str) -> Queue:
    letters = [
        Letter(
            id=PendingId(UUID(int=rng.getrandbits(128), version=4)),
            due_at=NOW + spread * rng.random(),
            kind=rng.choice(list(SendKind)),
        )
        for _ in range(LETTERS)
    ]
    left = sorted(NOW - timedelta(hours=24) * rng.random() for _ in range(rng.randrange(100)))
    window = SendingWindow(WORKDAYS, time(9), time(17), zone)
    gate = Gate(limits=SendLimits(250, 60), windows=(window,), departures=left)
    return Queue(letters, gate)


def floor(given: dict[int, Queue]) -> dict[int, list[tuple[UUID, datetime]]]:
    """Sort and assign, the least that any plan does."""
    assigned: dict[int, list[tuple[UUID, datetime]]] = {}
    for key, queue in given.items():
        moment = NOW
        rows = assigned[key] = []
        for letter in sorted(queue.letters, key=queue_order):
            moment = max(moment, letter.due_at) + MINUTE
            rows.append((letter.id, moment))
    return assigned


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of `work`, with garbage collected before and not during a round."""
    times = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
        gc.enable()
    return median(times)


def main(rounds: int) -> None:
    """Print one line for each case."""
    print(f"python {sys.version.split()[0]}, {rounds} rounds, medians; {MAILBOXES} x {LETTERS}")
    for name, spread in (("all due now", timedelta()), ("due within 5 days", timedelta(days=5))):
        given = queues(random.Random(7), spread)
        least = seconds(lambda given=given: floor(given), rounds)  # type: ignore[misc]
        ours = seconds(lambda given=given: [one.plan() for one in given.values()], rounds)  # type: ignore[misc]
        one = given[0]
        again = seconds(one.plan, rounds * 5)
        print(
            f"{name:18} floor {least:6.3f} s   plan {ours:6.3f} s ({ours / least:4.1f} x floor, "
            f"{ours * 1e6 / (MAILBOXES * LETTERS):4.1f} us a message)   "
            f"replan one mailbox {again * 1e3:5.1f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
