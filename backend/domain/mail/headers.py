"""Single header values: ids, dates, and text that is safe in a header we write.

Reading and writing share the definition of an id. The cleaning here is all that keeps a crafted
subject from adding a header to our mail.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backend.domain.mail.mime.words import decode_words

# RFC 5322 §2.1.1: a line has at most 998 characters, so no id can be longer.
MAX_ID_CHARS = 998
MAX_IDS = 500
MAX_OUTGOING_CHARS = 900
MAX_DATE = 1000
_BRACKETED = re.compile(r"<([^<>]*)>")
_SPACES = re.compile(r"\s+")
_QUOTED_OR_SPACES = re.compile(r'("(?:[^"\\]|\\.){0,998}+")|\s+')
_ESCAPED = re.compile(r"\\[()]")
_FRACTION = re.compile(r"(\d:\d\d:\d\d)\.\d{1,9}")
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?) ?([AaPp])\.?[Mm]\b\.?")
_ZONE = re.compile(r"(?:\b(?:GMT|UTC?) ?)?([+-]\d\d):?(\d\d)$")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def message_ids(header: str) -> tuple[str, ...]:
    """The ids of References or In-Reply-To, without brackets, each once, in order.

    Prose and comments between them are ignored. A value without any bracket counts when it is one
    word with an @.

    >>> message_ids("<a@x> (was: <b@x>) <a@x>")
    ('a@x', 'b@x')
    >>> message_ids('<"a b" @x>')
    ('"a b"@x',)
    """
    if "=?" in header:
        header = decode_words(header)
    found = [_unspaced(inner) for inner in _BRACKETED.findall(header)]
    if not found:
        bare = header.strip().strip("<>")
        found = [word for word in bare.split() if "@" in word] if "<" in header else [bare]
        found = found if all("@" in word and " " not in word for word in found) else []
    ids = dict.fromkeys(one for one in found if one and len(one) <= MAX_ID_CHARS)
    return tuple(ids)[:MAX_IDS]


def _unspaced(inner: str) -> str:
    """An id without the blanks that folding or a careless writer added; inside quotes they belong
    to it.
    """
    return _QUOTED_OR_SPACES.sub(lambda match: match[1] or "", inner)


def message_id(header: str) -> str | None:
    """The one id of a Message-ID field; a value without brackets is taken as it is."""
    found = message_ids(header)
    if found:
        return found[0]
    bare = _SPACES.sub("", header).strip("<>")
    return bare if bare and len(bare) <= MAX_ID_CHARS else None


def parse_date(header: str) -> datetime | None:
    """A Date field as UTC; None when no date can be read from it. An unknown zone counts as UTC.

    >>> parse_date("Tue, 1 Jul 2003 10:52:37 +0200 (CEST)")
    datetime.datetime(2003, 7, 1, 8, 52, 37, tzinfo=datetime.timezone.utc)
    """
    header = _plainly(_without_comments(header[:MAX_DATE]).strip()[:200])
    if not header:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            when = read(header)
            return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError, KeyError, AttributeError):
            continue
    return None


def _plainly(header: str) -> str:
    """The date as the grammar has it: without parts of a second, on a clock of 24 hours, and with a
    zone in digits alone.

    >>> _plainly("Tue, 3 Jun 2025 1:05:00.12 PM GMT+02:00")
    'Tue, 3 Jun 2025 13:05:00 +0200'
    """
    header = _FRACTION.sub(r"\1", header)
    if half := _HALF_DAY.search(header):
        hour = int(half[1]) % 12 + (12 if half[3] in "pP" else 0)
        header = f"{header[: half.start()]}{hour:02}{half[2]}{header[half.end() :]}"
    return _ZONE.sub(r"\1\2", header)


def _without_comments(header: str) -> str:
    """RFC 5322 §3.2.2 allows comments between all tokens, and nested."""
    if "(" not in header:
        return header
    kept: list[str] = []
    depth = 0
    for char in _ESCAPED.sub("", header):
        depth += char == "("
        if not depth:
            kept.append(char)
        if char == ")" and depth:
            depth -= 1
            kept.append("" if depth else " ")
    return ", ".join(part.strip() for part in "".join(kept).split(","))


def outgoing_text(text: str) -> str:
    """Text that is safe in a header we write: decoded, one line, without encoded words.

    The standard library decodes encoded words when a header is set and writes a line break inside
    them as it is, so `=?utf-8?q?x=0D=0ABcc:_victim?=` in a subject would add a Bcc. Decoding comes
    first, and every remaining `=?` is broken up.

    >>> outgoing_text("Re: =?utf-8?q?Hi=0D=0ABcc:_victim@y.example?=")
    'Re: Hi Bcc: victim@y.example'
    """
    text = decode_words(text)
    text = _UNSAFE.sub(" ", text).replace("=?", "= ?")
    return text.strip()[:MAX_OUTGOING_CHARS].rstrip()
