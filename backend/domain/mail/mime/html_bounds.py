"""Estimates how much work a piece of HTML is for a parser, without parsing it.

Every parser of foreign HTML asks this first. They are written in C and cannot be interrupted, and
all of them are quadratic in something: nested elements, attributes of one element, marks like "&"
in a row. One linear pass counts those.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

MAX_CHARS = 2_000_000
MAX_TAGS = 30_000
"""Counted as "<" that open a tag. A report of a thousand lines has some ten thousand."""

DEEPEST = 500
"""The greatest nesting that any caller asks about: deeper levels need not be counted."""

MAX_MARKS = 20_000
"""Ampersands. Mail has a few hundred."""

MAX_SIGNS = 50_000
"""Characters such as a no-break space, which share a lead byte in UTF-8: serialising them is
quadratic.
"""

_SIGN = b"\xc2"

MAX_PAIRS = 20_000_000
"""Attributes of one element are compared pairwise: the sum over all elements."""

_GAP = r"[ \t\n\f\r]"
"""What separates words in a tag: less than Python's whitespace."""

_ATTRIBUTE = (
    r"(?:=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)"
    rf"(?:{_GAP}*+={_GAP}*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r>]*+))?+"
)
# As the standard cuts tags: a quote protects ">" only where a value begins, and inside of a title
# or a style nothing is a tag.
_TAG = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*+>?|/[^a-zA-Z>][^>]*+>?"
    r"|(?i:(style|title|textarea|xmp|iframe|noembed|noframes)(?=[ \t\n\f\r/>])"
    rf"((?:(?:{_GAP}|/)++|{_ATTRIBUTE})*+)>.*?(?=</\1[ \t\n\f\r/>]|\Z))"
    rf"|(/?)([a-zA-Z][^ \t\n\f\r/>]*+)((?:(?:{_GAP}|/)++|{_ATTRIBUTE})*+)>?)",
    re.DOTALL,
)
MANY = 6_000
"""Tags that take no parser long, however deep they turn out to be."""

# What changes how the rest is read, and where parsers differ.
_UNSURE = re.compile(
    r"<(?:svg|math|plaintext|script|noscript|template|frameset|select|listing|!\[CDATA)",
    re.IGNORECASE,
)
_FEW = 40
"""Characters of attributes that cannot hold many."""

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
# No nesting of their own: void, or ended by the next of their kind.
_FLAT = frozenset(
    _VOID
    | {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "colgroup"}
)


@dataclass(frozen=True, slots=True)
class _Weight:
    """The counts. `depth` is that of the deepest element; open ones count as nested. It is `surely`
    no more than that where only the last opened element can be closed. Counting stops beyond the
    bounds.
    """

    depth: int
    surely: int
    pairs: int


def is_light(html: str, *, depth: int) -> bool:
    """Whether a parser has little work: no deeper than `depth`, and within the bounds.

    >>> is_light("<div>" * 20, depth=10), is_light("<div></div>" * 20, depth=10)
    (False, True)
    """
    if len(html) > MAX_CHARS or html.count("<") > MAX_TAGS or html.count("&") > MAX_MARKS:
        return False
    if html.encode("utf-8", "surrogatepass").count(_SIGN) > MAX_SIGNS:
        return False
    weight = _weight(html)
    if html.count("<") > MANY and (weight.surely > depth or _UNSURE.search(html)):
        return False
    return weight.depth <= depth and weight.pairs <= MAX_PAIRS


@lru_cache(maxsize=2)
def _weight(html: str) -> _Weight:
    """Cached briefly: the same message is read for its text, its reply and its display."""
    named = _Named()
    nested = _Nested()
    pairs = 0
    for tag in _TAG.finditer(html):
        raw, raw_attributes, closing, written, attributes = tag.groups("")
        if len(raw_attributes or attributes) > _FEW:
            pairs += _attributes(raw_attributes or attributes) ** 2
        name = written.lower()
        if name and not raw:
            named.take(name, closing=bool(closing))
            nested.take(name, closing=bool(closing))
        if named.deepest > DEEPEST or pairs > MAX_PAIRS:
            break
    return _Weight(named.deepest, nested.deepest, pairs)


@dataclass(slots=True)
class _Named:
    """Depth as intended: an end tag closes its element, wherever it is."""

    opened: dict[str, int] = field(default_factory=dict)
    depth: int = 0
    deepest: int = 0

    def take(self, name: str, *, closing: bool) -> None:
        """Count one tag."""
        if name in _FLAT:
            return
        if not closing:
            self.opened[name] = self.opened.get(name, 0) + 1
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
        elif self.opened.get(name):
            self.opened[name] -= 1
            self.depth -= 1


@dataclass(slots=True)
class _Nested:
    """Worst-case depth: parsers skip an end tag that does not match the last open element."""

    stack: list[str] = field(default_factory=list)
    deepest: int = 0

    def take(self, name: str, *, closing: bool) -> None:
        """Count one tag."""
        if name in _VOID:
            return
        if closing:
            self._close(name)
        elif not (self.stack and self.stack[-1] == name and name in _FLAT):
            self.stack.append(name)
            self.deepest = max(self.deepest, len(self.stack))

    def _close(self, name: str) -> None:
        """Cells, lines and the like end with their parent."""
        for passed in range(1, min(len(self.stack), 4) + 1):
            if self.stack[-passed] == name:
                del self.stack[-passed:]
                return
            if self.stack[-passed] not in _FLAT:
                return


def _attributes(text: str) -> int:
    """An upper bound of the attributes: each needs a space, a slash or a quote before it."""
    return len(text.split()) + text.count("/") + (text.count('"') + text.count("'")) // 2
