"""How much work a piece of HTML would be for a parser, found without parsing it.

Separate because every parser of foreign HTML needs it first. They are written in C and cannot be
interrupted, and all of them take time with the square of some things: elements in each other,
attributes of one element, marks like "&" in a row. One linear look counts those.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 2_000_000
MAX_TAGS = 60_000
MAX_MARKS = 50_000
"""Ampersands. Mail has some hundred."""

MAX_PAIRS = 20_000_000
"""Attributes of one element are compared each with each: the sum over all elements."""

_ATTRIBUTE = r"(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
# As the standard cuts tags: a quote protects ">" only where a value begins.
_TAG = re.compile(
    rf"<(?:!--.*?(?:--!?>|\Z)|[!?][^>]*+>?|(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|{_ATTRIBUTE})*+)>?)",
    re.DOTALL,
)
_FEW = 40
"""Characters of attributes that cannot hold many."""

# No depth of their own: without an end, or ended by the next of their kind.
_FLAT = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr", "p", "li"}
    | {"td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "colgroup"}
)


@dataclass(frozen=True, slots=True)
class _Weight:
    """What was counted. `depth` is that of the deepest element; open ones count as nested."""

    tags: int
    depth: int
    pairs: int


def is_light(html: str, *, depth: int) -> bool:
    """Whether a parser has little work with it: no deeper than `depth`, and within the bounds.

    >>> is_light("<div>" * 20, depth=10), is_light("<div></div>" * 20, depth=10)
    (False, True)
    """
    if len(html) > MAX_CHARS or html.count("<") > 2 * MAX_TAGS or html.count("&") > MAX_MARKS:
        return False
    weight = _weight(html)
    return weight.tags <= MAX_TAGS and weight.depth <= depth and weight.pairs <= MAX_PAIRS


@lru_cache(maxsize=2)
def _weight(html: str) -> _Weight:
    """Kept for a moment: the same mail is read for its text, its answer and its look."""
    opened: dict[str, int] = {}
    tags = depth = deepest = pairs = 0
    for closing, written, attributes in _TAG.findall(html):
        tags += 1
        if len(attributes) > _FEW:
            pairs += _attributes(attributes) ** 2
        name = written.lower()
        if not name or name in _FLAT:
            continue
        if not closing:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return _Weight(tags, deepest, pairs)


def _attributes(text: str) -> int:
    """No fewer attributes than there are: each needs a space, a slash or a quote before it."""
    return len(text.split()) + text.count("/") + (text.count('"') + text.count("'")) // 2
