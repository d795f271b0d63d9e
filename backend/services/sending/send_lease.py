"""The lease of one job to send from one mailbox, what it claimed, and how its steps end."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, PendingId, WorkspaceId


@dataclass(frozen=True, kw_only=True)
class SendLease:
    """The mailbox is ours to send from while `owner` holds its lease."""

    deps: Deps
    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    owner: str

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction of the mailbox's workspace."""
        return self.deps.store.begin(self.workspace_id)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message that is `sending`: its frozen bytes, Gmail's thread, the number of the attempt, and
    whether no other was due.
    """

    pending_id: PendingId
    attempt: int
    mime: bytes
    thread_id: str | None
    was_last: bool


@dataclass(frozen=True)
class Sent:
    """A message left, and the mailbox may send more."""


@dataclass(frozen=True)
class SentLast:
    """The last due message left, and the lease was released with it. `waits`: messages for later
    remain.
    """

    waits: bool


@dataclass(frozen=True)
class Continue:
    """Nothing left, and the next message may be tried."""


@dataclass(frozen=True)
class Stop:
    """The mailbox sends no more for now, or not before a given time."""

    look_at: datetime | None = None


@dataclass(frozen=True)
class LeaseHeld:
    """Another process sends from the mailbox."""


Step = Sent | SentLast | Continue | Stop | LeaseHeld
"""How one step under the lease ended."""
