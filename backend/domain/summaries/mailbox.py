"""A mailbox's connection and the progress of its import, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import ImportRunId, MailboxId


class MailboxState(StrEnum):
    """Where a mailbox stands. A row in state `unconnected` only remembers the open mails it
    showed.
    """

    UNCONNECTED = "unconnected"
    IMPORTING = "importing"
    LIVE = "live"
    DELAYED = "delayed"
    RESYNCING = "resyncing"
    BLOCKED = "blocked"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """One import. Counts are messages: `scanned` of `wanted` were looked at, `kept` matched
    somebody.
    """

    id: ImportRunId
    mailbox_email: str
    kind: str
    wanted: int | None
    listed: int
    scanned: int
    kept: int
    failed: int
    oldest_at: datetime | None
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None
    stopped: bool
    error: str | None
    skipped_because: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class MailboxSummary:
    """A mailbox. `explanation` says what is wrong, why, and what to do next, if anything."""

    id: MailboxId
    email: str
    owner_name: str
    state: MailboxState
    explanation: str | None
    scopes: tuple[str, ...]
    connected_at: datetime | None
    last_sync_at: datetime | None
    last_notification_at: datetime | None
    watch_expires_at: datetime | None
    waiting_to_fetch: int = 0
    quarantined: int = 0
    running_import: ImportSummary | None = None

    @property
    def works(self) -> bool:
        """Whether mail is read from and sent through it at present."""
        return self.state in {
            MailboxState.IMPORTING,
            MailboxState.LIVE,
            MailboxState.DELAYED,
            MailboxState.RESYNCING,
        }
