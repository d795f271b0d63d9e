"""How the cost of a call grows with what it is given: measured in CPU, and cut off in time.

Work that grows with the length costs four times as much for text four times as long, work that
grows with its square sixteen times. A quick look finds the suspects: what costs hardly more than
its share of a longer text is innocent. Suspects are measured again, with more text and several
times, until the text is so long that nothing but its length explains the cost.
"""

import gc
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import thread_time
from types import FrameType
from typing import TypeVar

Given = TypeVar("Given")

LONG = 500
"""Repetitions of the poison in the first try."""

CHEAP = 0.00025
"""Seconds of CPU for the first try that nobody needs to look at again: work that grows with the
square takes longer for so much text.
"""

CUT = 0.3
"""Seconds of CPU after which a try is ended: nothing linear comes near."""

FACTOR, STEEP = 4, 8.0
"""How much longer each text is than the one before, and how much dearer it may be. Linear work
comes to 4, square work to 16.
"""

SUSPECT = 4.5
"""What is no dearer than so many times a quarter of the text stays below `STEEP` with eight times
the text, even if all that exceeds its share grows with the square.
"""

MORE, LONGEST_CUT = (FACTOR**2, FACTOR**3), 2 * CUT
"""The longer texts for suspects, in quarters of the first. A disturbance, or memory that had
to be asked of the system, makes one step steep and not two.
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
    if first is None and (first := cost(call, given(LONG), cut=LONGEST_CUT)) is None:
        return f"not done after {LONGEST_CUT} s with {LONG} repetitions"
    if first < CHEAP or first < SUSPECT * _least(call, given, 1, tries=1):
        return None
    return _told_of_suspect(call, given)


def _told_of_suspect(call: Callable[[Given], object], given: Callable[[int], Given]) -> str | None:
    """The same of what looked guilty: steep twice, each time that the text got longer."""
    spent = {quarters: _least(call, given, quarters) for quarters in (1, FACTOR)}
    if spent[FACTOR] < SUSPECT * spent[1]:
        return None
    for quarters in MORE:
        if spent[quarters // FACTOR] < LONGEST_CUT:
            spent[quarters] = _least(call, given, quarters)
            if not _is_steep(spent, quarters):
                return None
        if _is_steep(spent, quarters // FACTOR):
            return ", ".join(
                f"{1000 * one:.1f} ms for {n * LONG // FACTOR}" for n, one in spent.items()
            )
    return None


def _is_steep(spent: Mapping[int, float], quarters: int) -> bool:
    """Whether so much text was too dear, compared with a fourth of it; what was cut off is."""
    longer = spent[quarters]
    return longer >= LONGEST_CUT or longer >= max(STEEP * spent[quarters // FACTOR], CHEAP)


def _least(
    call: Callable[[Given], object],
    given: Callable[[int], Given],
    quarters: int,
    tries: int = TRIES,
) -> float:
    """The cheapest of several calls with so many quarters of the first text."""
    made = given(quarters * LONG // FACTOR)
    spent = LONGEST_CUT
    for _ in range(tries):
        one = cost(call, made, cut=LONGEST_CUT)
        if one is None:
            break
        spent = min(spent, one)
    return spent


def cost(call: Callable[[Given], object], given: Given, *, cut: float = CUT) -> float | None:
    """Seconds of CPU of one call; None when it was cut off. What it raises does not matter."""
    collects = gc.isenabled()
    gc.disable()
    try:
        with cut_after(cut):
            begun = thread_time()
            with suppress(Exception):  # a refusal is an answer; only its cost is judged
                call(given)
            return thread_time() - begun
    except TooLong:
        return None
    finally:
        if collects:
            gc.enable()


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
