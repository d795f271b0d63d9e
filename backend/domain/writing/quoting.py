"""The earlier mails below an answer, for mailboxes that choose to repeat them (D-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

FORWARDED = "---------- Forwarded message ---------"
"""The line above a forwarded mail."""

MOST_QUOTED = 60_000
"""Characters. What is longer is cut: mail programs show the thread anyway."""


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier mail: who wrote it, when (as the answering member reads it), and its own words."""

    author: str
    written: str
    text: str

    @property
    def attribution(self) -> str:
        """The line above the quoted mail."""
        return f"On {self.written}, {self.author} wrote:"


def written(at: datetime, zone: str) -> str:
    """When a mail was written, as shown above its quoted text: "Mon 5 Jan 2026, 09:00"."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"


def below(mails: Sequence[Earlier]) -> str:
    r"""The text below the attribution of the first of `mails` (the newest): its words, then each
    older one quoted a level deeper.

    >>> newest = Earlier(author="Dana", written="Tue 6 Jan 2026, 09:00", text="Fine.")
    >>> older = Earlier(author="Robin", written="Mon 5 Jan 2026, 09:00", text="Shall we?\nNow?")
    >>> print(below([newest, older]))
    Fine.
    <BLANKLINE>
    On Mon 5 Jan 2026, 09:00, Robin wrote:
    > Shall we?
    > Now?
    """
    text = ""
    for one, older in zip(reversed(mails), [None, *reversed(mails)], strict=False):
        if older is not None:
            quoted = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
            text = f"{one.text.strip()}\n\n{older.attribution}\n{quoted}"
        else:
            text = one.text.strip()
    return text[:MOST_QUOTED]
