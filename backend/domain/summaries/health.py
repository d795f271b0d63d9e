"""How the installation and its mailboxes are, as far as the reader may see."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.summaries.mailbox import MailboxSummary


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """One part of the installation. `works` is None when there is nothing to say yet."""

    name: str
    works: bool | None
    sentence: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TroubleLine:
    """Something that was set aside or went wrong in a mailbox, in words."""

    mailbox_email: str
    sentence: str
    count: int


@dataclass(frozen=True, kw_only=True)
class HealthSummary:
    """The page of health. `decided` messages were seen, and each has a stored reason."""

    parts: tuple[PartLine, ...]
    mailboxes: tuple[MailboxSummary, ...]
    troubles: tuple[TroubleLine, ...]
    decided: int
    waiting: int
