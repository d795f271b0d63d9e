"""People who write to a member, or are written to, and are no contacts (M5)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class UnmatchedLine:
    """One person, read from Gmail for this page and stored nowhere. `token` names them without
    their address; `no_contact` says why nobody may make a contact of them, if so.
    """

    token: str
    name: str
    email: str
    subject: str
    count: int
    last_at: datetime | None
    no_contact: str


@dataclass(frozen=True, kw_only=True)
class UnmatchedPage:
    """The newest such people. `trouble` says why they cannot be shown now; `more` that there are
    older ones.
    """

    lines: tuple[UnmatchedLine, ...]
    trouble: str = ""
    more: bool = False
