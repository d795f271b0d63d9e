"""Blocks of From, Sent, To and Subject in plain text, as mail programs put them above a quote.

Separate from `quotes`, which finds all that may introduce a quote: this is one form of it, and the
only one that is parsed, since it says who wrote, when and about what.
"""

from functools import lru_cache

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies import words

MAX_JOINED_CHARS = 450
MAX_BLOCK_LINES = 14
"""Lines of From, Sent, To and so on, including wrapped ones."""

MAX_UNLABELLED = 3
_BEGINNINGS = frozenset({"from", "date", "to", "subject"})

YEAR_OR_TIME = lazy_pattern(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d|\d{4}年")
_FIELD = lazy_pattern(r"\S{1,60}:")
_QUOTED_AROUND = " \t>*|"
_LABELS = {label: kind for kind, listed in words.LABELS.items() for label in listed.split("|")}
_LABEL_LINE = lazy_pattern(
    r"^[\s>*|]{0,30}+([^\s:\uff1a*<>@][^:\uff1a*<>@\n]{0,24}?)\s{0,4}\*?\s{0,4}[:\uff1a]\*?(.*)$"
)


def header_block_end(lines: list[str], index: int) -> int:
    """The line after a block of From, Sent, To, Subject that begins at `index`; 0 without one."""
    kinds: set[str] = set()
    values: list[str] = []
    end = index
    unlabelled = 0
    for position in range(index, min(index + MAX_BLOCK_LINES, len(lines))):
        kind, value = _label(lines[position])
        if position == index and kind not in _BEGINNINGS:
            return 0
        if not kind and not lines[position].strip():
            if not _goes_on(lines, position, kinds):
                break
            continue
        unlabelled = 0 if kind else unlabelled + 1
        if unlabelled > MAX_UNLABELLED:
            break
        values.append(value if kind else lines[position])
        kinds |= {kind} if kind else set()
        end = position + 1 if kind else end
    needed = 3 if _label(lines[index])[0] == "subject" else 2
    return end if _is_header_block(kinds, " ".join(values), needed) else 0


def _goes_on(lines: list[str], empty: int, kinds: set[str]) -> bool:
    """Whether a field that the block does not have yet follows a blank line."""
    below = next(filter(str.strip, lines[empty + 1 : empty + 3]), "")
    kind = _label(below)[0] if below else ""
    return bool(kind) and kind not in kinds | {"other"}


def kind_of(line: str) -> str:
    """The meaning of a line's label; empty without one."""
    return _label(line)[0]


def read_header_lines(lines: list[str]) -> dict[str, str]:
    """Values of a header block by meaning: from, date, to, subject; the first of each."""
    values: dict[str, str] = {}
    before = ""
    for line in lines:
        kind, value = _label(line)
        if kind and kind not in values:
            values[kind] = value.strip(" *\t")
        elif before == "subject" and line.strip() and not _FIELD.match(line):
            values[before] = f"{values[before]} {line.strip(_QUOTED_AROUND)}"[:MAX_JOINED_CHARS]
            continue
        before = kind
    return values


def _is_header_block(kinds: set[str], values: str, needed: int) -> bool:
    named = kinds - {"other"}
    if len(named) < needed or not named & {"from", "date"}:
        return False
    if len(named) >= 3:
        return True
    return "@" in values or (named >= {"from", "date"} and bool(YEAR_OR_TIME.search(values)))


@lru_cache(maxsize=32)
def _label(line: str) -> tuple[str, str]:
    """Label and value of a header line. Cached briefly: a line may be in many blocks."""
    match = _LABEL_LINE.match(line) if len(line) < MAX_JOINED_CHARS else None
    if match is None:
        return "", ""
    name = match[1].strip(" *").lower()
    return _LABELS.get(name, ""), match[2]
