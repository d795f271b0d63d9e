"""The state of the installation and of the mailboxes the reader may see."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.setup.checks import Check
from backend.domain.summaries.mailbox import MailboxSummary


@dataclass(frozen=True, kw_only=True)
class TroubleLine:
    """Something that was set aside or went wrong in a mailbox, in words."""

    mailbox_email: str
    sentence: str
    count: int


@dataclass(frozen=True, kw_only=True)
class MailboxHealth:
    """A mailbox with how completely it is known and how late anything of it is.

    `compared_at` is when the last list of Gmail's own was worked off; it had `compared` messages.
    `push` says what is wrong with notifications; since `polled_closely_since` the mailbox is polled
    every minute because of it.
    """

    mailbox: MailboxSummary
    decided: int
    push: str
    push_until: datetime | None
    polled_closely_since: datetime | None
    waiting_since: datetime | None
    compared: int
    compared_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    advice: str
    overdue: int

    @property
    def complete(self) -> bool:
        """Whether every message it is known to hold has a decision."""
        return not self.mailbox.waiting_to_fetch and not self.mailbox.quarantined


@dataclass(frozen=True, kw_only=True)
class HealthSummary:
    """The page of health. `decided` messages were seen, and each has a stored reason.

    `parts` are for those who run the installation, none for others; whether `all_work` is for all.
    """

    parts: tuple[Check, ...]
    all_work: bool
    mailboxes: tuple[MailboxHealth, ...]
    troubles: tuple[TroubleLine, ...]
    decided: int
    waiting: int
