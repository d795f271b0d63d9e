"""The frame of every console page."""

from dataclasses import dataclass

from backend.domain.summaries.mailbox import MailboxSummary


@dataclass(frozen=True, kw_only=True)
class Chrome:
    """The workspace's name, the reader's mailbox, and how many mails wait. `pill` replaces the
    mailbox's word, if set.
    """

    workspace: str
    mailbox: MailboxSummary | None
    waiting: int
    pill: str = ""
