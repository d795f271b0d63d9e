"""Where a batch of mail came from, and what became of each message of it."""

from dataclasses import dataclass
from datetime import datetime

from backend.domain.capture.rule import Asked, Keep, Quarantine, Skip
from backend.domain.ids import MailboxId, MemberId, WorkspaceId
from backend.store.filing import Filed
from backend.store.sealing import KeyedHash

NO_MAILBOX = MailboxId(0)
"""No row has this id: the place of a member whose mailbox is not known yet."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which mailbox the batch came from, by which path (import, live, audit, click), and when.

    `asked` is what a person said about these very messages, and `member` who, or who looks at one
    beside a card (the path is "card", and nothing is filed).
    """

    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    path: str
    now: datetime
    keyed_hash: KeyedHash
    asked: Asked = Asked.NOTHING
    member: MemberId | None = None

    @property
    def clicked(self) -> bool:
        """Whether a person asked for these messages."""
        return self.asked in {Asked.LOG, Asked.LOG_ANYWAY}


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What became of one message; `stops_changed` when its batch changed whom mail may go to."""

    gmail_id: str
    decision: Keep | Skip | Quarantine
    filed: Filed | None
    sent_at: datetime
    stops_changed: bool = False
