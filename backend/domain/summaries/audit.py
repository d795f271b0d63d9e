"""The audit log as its page and its file show it, and the sessions of a member."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """Who did what to which thing, when. `who` is None where the rules did it."""

    id: int
    at: datetime
    who: str | None
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A browser that is signed in. `key` names it without opening it."""

    key: str
    since: datetime
    used_at: datetime
    here: bool
