"""Text that is made to hurt a pattern: found by walking to each of its long repeats.

Reads the tree that the standard library makes of a pattern; it has no public name.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import product
from typing import Any

from tests.support.growth import growth

code: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

MOST_SPOTS, MOST_PUMPS = 6, 3
SMALL = 20
"""Repeats that end by themselves after so many are no danger."""

ENDINGS = ("\x00", "\n")
REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
CATEGORIES = {
    code.CATEGORY_SPACE: (" ", "\n"),
    code.CATEGORY_DIGIT: ("1",),
    code.CATEGORY_WORD: ("a",),
    code.CATEGORY_NOT_SPACE: ("a",),
    code.CATEGORY_NOT_DIGIT: ("a",),
    code.CATEGORY_NOT_WORD: (" ", "-"),
}
ANYTHING = ("a", " ", "-", "<", "1", "\n", "\t", '"')
"""Characters tried where all but some will do."""


def worst_of(pattern: "re.Pattern[Any]", looks: Iterable[str]) -> str | None:
    """What is wrong with a pattern: text that it takes too long for, and how long. `looks` names
    how it is used: search, match, fullmatch.
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


def spots(tree: Any) -> list[tuple[str, str]]:
    """Texts that lead to each long repeat of a pattern, with what it repeats."""
    found: dict[tuple[str, str], None] = {}
    for prefix, body in _repeats(tree, ""):
        pumps = dict.fromkeys([*_firsts(body), _sample(body)])
        found.update({(prefix, pump): None for pump in list(pumps)[:MOST_PUMPS] if pump})
    listed = list(found)
    pumps = dict.fromkeys(pump for _, pump in listed)
    mixed = [("", one + other) for one, other in product(list(pumps)[:3], repeat=2) if one != other]
    return [*listed[: MOST_SPOTS * MOST_PUMPS], *mixed]


def _repeats(tree: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Each repeat without a small bound, with the shortest text before it."""
    before = prefix
    for op, argument in tree:
        if op in REPEATS and (argument[1] is code.MAXREPEAT or argument[1] > SMALL):
            yield before, argument[2]
        for inner in _inside(op, argument):
            yield from _repeats(inner, before)
        before += _sample([(op, argument)])


def _inside(op: Any, argument: Any) -> list[Any]:
    """The trees below one."""
    if op is code.BRANCH:
        return list(argument[1])[:MOST_SPOTS]
    if op in (code.ASSERT, code.ASSERT_NOT):
        return [argument[1]]
    body = _body(op, argument)
    return [] if body is None else [body]


def _body(op: Any, argument: Any) -> Any:
    """The one tree inside a group or a repeat."""
    if op in REPEATS:
        return argument[2]
    if op is code.SUBPATTERN:
        return argument[3]
    return argument if op is code.ATOMIC_GROUP else None


def _sample(tree: Any) -> str:
    """A short text that fits."""
    return "".join(_piece(op, argument) for op, argument in tree)


def _piece(op: Any, argument: Any) -> str:
    if op is code.BRANCH:
        return min((_sample(one) for one in argument[1]), key=len)
    body = _body(op, argument)
    if body is not None:
        return _sample(body) * (min(argument[0], 4) if op in REPEATS else 1)
    return next(iter(_characters(op, argument)), "")


def _firsts(tree: Any) -> list[str]:
    """Characters that a repeat's body may begin with."""
    for op, argument in tree:
        if op is code.BRANCH:
            return [one for part in argument[1] for one in _firsts(part)]
        body = _body(op, argument)
        found = _characters(op, argument) if body is None else _firsts(body)
        if found:
            return found
    return []


def _characters(op: Any, argument: Any) -> list[str]:
    """What one character of the pattern may be; nothing where it stands for a place."""
    if op is code.LITERAL:
        return [chr(argument)]
    if op is code.NOT_LITERAL:
        return [one for one in ANYTHING if one != chr(argument)]
    if op is code.ANY:
        return list(ANYTHING)
    return _of_class(argument) if op is code.IN else []


def _of_class(items: Any) -> list[str]:
    """Characters of a class: its own, the begin of its ranges, one of each category."""
    named: list[str] = []
    for op, argument in items:
        if op is code.LITERAL:
            named.append(chr(argument))
        elif op is code.RANGE:
            named.append(chr(argument[0]))
        elif op is code.CATEGORY:
            named += CATEGORIES.get(argument, ("a",))
    if items[0][0] is code.NEGATE:
        return [one for one in ANYTHING if one not in named]
    return list(dict.fromkeys(named))
