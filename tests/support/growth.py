"""How the cost of a call grows with what it is given: measured in CPU, and cut off when it explodes.

The text is made four times as long; work that grows with the length costs four times as much, work
that grows with its square sixteen times. Only what is slow enough to be measured is measured again.
"""

import re
import re._constants as code
import re._parser as parser
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from time import thread_time
from types import FrameType
from typing import Any, TypeVar

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

MOST_SPOTS, MOST_PUMPS = 6, 3
ENDINGS = ("\x00", "\n")
CATEGORIES = {
    code.CATEGORY_SPACE: (" ", "\n"),
    code.CATEGORY_DIGIT: ("1",),
    code.CATEGORY_WORD: ("a",),
    code.CATEGORY_NOT_SPACE: ("a",),
    code.CATEGORY_NOT_DIGIT: ("a",),
    code.CATEGORY_NOT_WORD: (" ", "-"),
}


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
    once = min(first, _least(call, given(LONG)))
    longer = _least(call, given(FACTOR * LONG))
    if longer < max(STEEP * once, CHEAP * FACTOR):
        return None
    return f"{1000 * once:.1f} ms for {LONG} repetitions, {1000 * longer:.1f} ms for {FACTOR * LONG}"


def _least(call: Callable[[Given], object], given: Given) -> float:
    tries = [cost(call, given) for _ in range(TRIES)]
    return min(CUT if one is None else one for one in tries)


def cost(call: Callable[[Given], object], given: Given) -> float | None:
    """Seconds of CPU of one call; None when it was cut off. What it raises does not matter."""
    try:
        with cut_after(CUT):
            begun = thread_time()
            try:
                call(given)
            except Exception:  # noqa: BLE001 - a refusal is an answer; only its cost is judged
                pass
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


def worst_of(pattern: "re.Pattern[Any]", looks: Iterable[str]) -> str | None:
    """What is wrong with a pattern: text that it takes too long for, and how long. `looks` names
    how it is used: search, match.
    """
    binary = isinstance(pattern.pattern, bytes)
    shown = pattern.pattern.decode("latin-1") if binary else pattern.pattern
    found = spots(parser.parse(shown, pattern.flags & ~re.DEBUG))
    for (prefix, pump), ending, look in product(found, ENDINGS, looks):
        told = growth(_look(pattern, look), _text(prefix, pump, ending))
        if told:
            return f"{look} of {prefix!r} + {pump!r}·n + {ending!r}: {told}"
    return None


def _look(pattern: "re.Pattern[Any]", look: str) -> Callable[[str], object]:
    method: Callable[[Any], object] = getattr(pattern, look)
    if isinstance(pattern.pattern, bytes):
        return lambda text: method(text.encode("latin-1", "replace"))
    return method


def _text(prefix: str, pump: str, ending: str) -> Callable[[int], str]:
    return lambda times: prefix + pump * times + ending


def spots(tree: "parser.SubPattern") -> list[tuple[str, str]]:
    """Texts that lead to each long repeat of a pattern, with what it repeats."""
    found: dict[tuple[str, str], None] = {}
    for prefix, body in _repeats(tree, ""):
        pumps = dict.fromkeys([*_firsts(body), _sample(body)])
        for pump in list(pumps)[:MOST_PUMPS]:
            if pump:
                found[prefix, pump] = None
    listed = list(found)
    return [*listed[: MOST_SPOTS * MOST_PUMPS], *[("", both) for both in _pairs(listed)]]


def _pairs(listed: list[tuple[str, str]]) -> list[str]:
    pumps = list(dict.fromkeys(pump for _, pump in listed))[:3]
    return [one + other for one in pumps for other in pumps if one != other]


def _repeats(tree: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Each repeat without a small bound, with the shortest text before it."""
    before = prefix
    for op, argument in tree:
        if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most is code.MAXREPEAT or most > 20:
                yield before, body
        for inner in _inside(op, argument):
            yield from _repeats(inner, before)
        before += _sample([(op, argument)])


def _inside(op: Any, argument: Any) -> list[Any]:
    if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        return [argument[2]]
    if op is code.SUBPATTERN:
        return [argument[3]]
    if op is code.BRANCH:
        return list(argument[1])[:6]
    if op is code.ATOMIC_GROUP:
        return [argument]
    if op in (code.ASSERT, code.ASSERT_NOT):
        return [argument[1]]
    return []


def _sample(tree: Any) -> str:
    """A short text that fits."""
    out = ""
    for op, argument in tree:
        if op is code.LITERAL:
            out += chr(argument)
        elif op is code.NOT_LITERAL:
            out += "b" if argument == ord("a") else "a"
        elif op is code.ANY:
            out += "a"
        elif op is code.IN:
            out += next(iter(_of_class(argument)), "a")
        elif op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            out += _sample(argument[2]) * min(argument[0], 4)
        elif op is code.BRANCH:
            out += min((_sample(one) for one in argument[1]), key=len)
        elif op in (code.SUBPATTERN, code.ATOMIC_GROUP):
            out += _sample(argument[3] if op is code.SUBPATTERN else argument)
    return out


def _firsts(tree: Any) -> list[str]:
    """Characters that a repeat's body may begin with."""
    for op, argument in tree:
        if op is code.IN:
            return _of_class(argument)
        if op is code.NOT_LITERAL:
            return ["a", " ", "<"] if argument != ord("<") else ["a", " "]
        if op is code.ANY:
            return ["a", " ", "<", "-"]
        if op is code.BRANCH:
            return [one for part in argument[1] for one in _firsts(part)]
        if op in (code.SUBPATTERN, code.ATOMIC_GROUP):
            return _firsts(argument[3] if op is code.SUBPATTERN else argument)
        if op is code.LITERAL:
            return [chr(argument)]
    return []


def _of_class(items: Any) -> list[str]:
    """Characters of a class: its own, the ends of its ranges, one of each category."""
    negated = bool(items) and items[0][0] is code.NEGATE
    named: list[str] = []
    for op, argument in items:
        if op is code.LITERAL:
            named.append(chr(argument))
        elif op is code.RANGE:
            named.append(chr(argument[0]))
        elif op is code.CATEGORY:
            named += CATEGORIES.get(argument, ("a",))
    if not negated:
        return list(dict.fromkeys(named))
    return [one for one in ("a", " ", "-", "<", "1", "\n", "\t", '"') if one not in named]
