"""A mailbox's connection and the progress of its import, as they are shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.ids import ImportRunId, MailboxId, MemberId
from backend.domain.people.visibility import Visibility
from backend.domain.sync.leases import Rest


class MailboxState(StrEnum):
    """The state of a mailbox. A row in state `unconnected` only remembers the open mails
    it showed.
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
    somebody, `missed` should have been here before. `since` is how far back the run goes; `error`
    is why it is paused now, and `rest` until when.
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
    since: datetime | None = None
    missed: int = 0
    stopped_by: str | None = None
    skipped_because: tuple[tuple[str, int], ...] = ()
    rest: Rest | None = None

    @property
    def complete(self) -> float:
        """The share of what was looked at that had been here before, in percent."""
        return 100 * (1 - self.missed / self.scanned) if self.scanned else 100.0


class TakesIn(StrEnum):
    """Whose a mailbox is and what it takes in, as an admin chooses it in one go (D-2, V-42)."""

    OWN = "own"
    SHARED = "shared"
    EVERYTHING = "everything"

    @property
    def label(self) -> str:
        """What the choice is called."""
        return TAKES_IN[self]


TAKES_IN = {
    TakesIn.OWN: "A person's mailbox: mail with known contacts",
    TakesIn.SHARED: "A shared address: mail with known contacts",
    TakesIn.EVERYTHING: "A shared address: all mail, of strangers too",
}


@dataclass(frozen=True, kw_only=True)
class MailboxSummary:
    """A mailbox. `explanation` says what is wrong, why, and what to do next, if anything;
    `reconnects` whether its owner can put that right now by connecting it again; `reading_rests`
    and `sending_rests` until when nothing happens. One whose owner has left needs nobody.
    """

    id: MailboxId
    email: str
    owner_name: str
    takes_in: TakesIn
    state: MailboxState
    explanation: str | None
    scopes: tuple[str, ...]
    connected_at: datetime | None
    last_sync_at: datetime | None
    last_notification_at: datetime | None
    watch_expires_at: datetime | None
    sharing: Visibility
    reply_quote: str = ""
    display_name: str = ""
    owner_id: MemberId | None = None
    waiting_to_fetch: int = 0
    quarantined: int = 0
    running_import: ImportSummary | None = None
    reconnects: bool = False
    owner_left: bool = False
    reading_rests: Rest | None = None
    sending_rests: Rest | None = None

    @property
    def has_access(self) -> bool:
        """Whether there is a connection that could be ended."""
        return self.works or self.state is MailboxState.BLOCKED

    @property
    def works(self) -> bool:
        """Whether mail is read from and sent through it at present."""
        return self.state in {
            MailboxState.IMPORTING,
            MailboxState.LIVE,
            MailboxState.DELAYED,
            MailboxState.RESYNCING,
        }
