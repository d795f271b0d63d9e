"""Header fields on one line without a blank between them: Yahoo's plain-text forwards.

"From: Mia <mia@a.example>To: …Sent: Monday, 3 MaySubject: Offer". Separate from `quotes`, which
reads blocks of lines; after this they are one.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.replies import words

MAX_CHARS = 2000
_KINDS = ("from", "to", "other", "date", "subject")


def _labels(kind: str) -> str:
    """The labels of one kind as they begin a field: with a capital where the script has them."""
    listed = {word[:1].upper() + word[1:] for word in words.LABELS[kind].split("|")}
    listed |= {word.upper() for word in words.LABELS[kind].split("|") if len(word) <= 3}
    return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))


_NEXT = {kind: lazy_pattern(rf"(?:{_labels(kind)})\s?[:\uff1a]") for kind in _KINDS}


def apart(line: str) -> list[str]:
    """The fields of such a line, one per line. Each kind is looked for after the one before it.

    >>> apart("From: Mia <mia@a.example>To: <kim@b.example>Sent: 3 May 2026Subject: Offer")
    ['From: Mia <mia@a.example>', 'To: <kim@b.example>', 'Sent: 3 May 2026', 'Subject: Offer']
    """
    line = line.strip()[:MAX_CHARS]
    places: list[int] = []
    position = 0
    for kind in _KINDS:
        found = _NEXT[kind].search(line, position)
        if found is not None:
            places.append(found.start())
            position = found.end()
    if not places:
        return [line]
    ends = [*places[1:], len(line)]
    return [line[start:end].strip() for start, end in zip(places, ends, strict=True)]
