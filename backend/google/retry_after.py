"""The moment an error answer asks us to wait for: in its text, or in its Retry-After header.

Untrusted, so it is bounded: a past moment is ignored, and a distant one is capped, because a typo
must never pause a mailbox for good.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
"""The cap. Gmail's own daily limit ends within it."""

IN_TEXT = re.compile(r"[Rr]etry after (\d{4}-\d{2}-\d{2}T[\d:.]{1,20}Z)")
SECONDS = re.compile(r"\d{1,9}")


def named_moment(text: str, header: str, now: datetime) -> datetime | None:
    """When to come back, as the answer's text or else its header says; None without a usable one.

    >>> at = datetime(2026, 1, 7, 8, 0, tzinfo=UTC)
    >>> named_moment("", "90", at).isoformat()
    '2026-01-07T08:01:30+00:00'
    >>> named_moment("", "Wed, 07 Jan 2026 08:05:00 GMT", at).isoformat()
    '2026-01-07T08:05:00+00:00'
    >>> named_moment("", "Tue, 06 Jan 2026 08:05:00 GMT", at) is None
    True
    """
    found = in_text(text) or in_header(header.strip(), now)
    if found is None or found <= now:
        return None
    return min(found, now + LONGEST)


def in_text(text: str) -> datetime | None:
    """Gmail's own way: "Retry after 2026-01-07T15:00:00.000Z"."""
    found = IN_TEXT.search(text)
    try:
        return datetime.fromisoformat(found.group(1)).astimezone(UTC) if found else None
    except ValueError:  # written like a timestamp, but not valid
        return None


def in_header(header: str, now: datetime) -> datetime | None:
    """HTTP's two ways: a number of seconds, or a date."""
    if SECONDS.fullmatch(header):
        return now + min(timedelta(seconds=int(header)), LONGEST)
    try:
        found = parsedate_to_datetime(header[:64])
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
