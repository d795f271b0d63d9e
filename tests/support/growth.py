"""How the cost of a call grows with what it is given: measured in CPU, and cut off in time.

The text is made four times as long; work that grows with the length costs four times as much, work
that grows with its square sixteen times. Only what is slow enough to be measured is measured again.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import thread_time
from types import FrameType
from typing import TypeVar

Given = TypeVar("Given")

LONG = 1_000
"""Repetitions of the poison in the first try."""

CHEAP = 0.001
"""Seconds of CPU for the first try that nobody needs to look at again: work that grows with the
square takes longer for so much text.
"""

CUT = 0.4
"""Seconds of CPU after which a try is ended: nothing linear comes near."""

FACTOR, STEEP = 4, 8.0
"""How much longer the second text is, and how much dearer it may be. Linear work comes to 4, square
work to 16.
"""

TRIES = 3
"""What disturbs a try makes it dearer, so the cheapest counts."""


class TooLong(BaseException):
    """Cut off. No `except Exception` of the tried code may swallow it."""


def growth(call: Callable[[Given], object], given: Callable[[int], Given]) -> str | None:
    """What is wrong with the cost of the call; None when it grows no faster than what it is given.

    Only the call counts, not what it takes to make what it is given.
    """
    first = cost(call, given(LONG))
    if first is None:
        return f"not done after {CUT} s with {LONG} repetitions"
    if first < CHEAP or (cost(call, given(FACTOR * LONG)) or CUT) < STEEP * first:
        return None
    # More tries for what looks guilty: other processes disturb a short measurement.
    once = min(first, *(_least(call, given(LONG)) for _ in range(3)))
    longer = min(_least(call, given(FACTOR * LONG)) for _ in range(3))
    if longer < max(STEEP * once, CHEAP * FACTOR):
        return None
    return (
        f"{1000 * once:.1f} ms for {LONG} repetitions, {1000 * longer:.1f} ms for {FACTOR * LONG}"
    )


def _least(call: Callable[[Given], object], given: Given) -> float:
    tries = [cost(call, given) for _ in range(TRIES)]
    return min(CUT if one is None else one for one in tries)


def cost(call: Callable[[Given], object], given: Given) -> float | None:
    """Seconds of CPU of one call; None when it was cut off. What it raises does not matter."""
    try:
        with cut_after(CUT):
            begun = thread_time()
            with suppress(Exception):  # a refusal is an answer; only its cost is judged
                call(given)
            return thread_time() - begun
    except TooLong:
        return None


@contextmanager
def cut_after(seconds: float) -> Iterator[None]:
    """End what happens inside after so much CPU."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
