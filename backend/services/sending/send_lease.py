"""The lease of one job to send from one mailbox, what it claimed, and how its steps end."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, PendingId, WorkspaceId


@dataclass(frozen=True, kw_only=True)
class SendLease:
    """The mailbox is ours to send from while `owner` stands in its lease."""

    deps: Deps
    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    owner: str

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction of the mailbox's workspace."""
        return self.deps.store.begin(self.workspace_id)


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A mail that is `sending`: its frozen bytes, Gmail's thread, which attempt this is, and
    whether no other was due beside it.
    """

    pending_id: PendingId
    attempt: int
    mime: bytes
    thread_id: str | None
    was_last: bool


@dataclass(frozen=True)
class Sent:
    """A mail left, and the mailbox may send more."""


@dataclass(frozen=True)
class SentLast:
    """The last mail due left, and the mailbox was given back with it. `waits` says whether mail
    for later stands in it.
    """

    waits: bool


@dataclass(frozen=True)
class Continue:
    """Nothing left, and the next mail may be looked at."""


@dataclass(frozen=True)
class Stop:
    """The mailbox sends no more for now; with a moment, not before then."""

    look_at: datetime | None = None


@dataclass(frozen=True)
class LeaseHeld:
    """Another process sends from the mailbox."""


Step = Sent | SentLast | Continue | Stop | LeaseHeld
"""How one step under the lease ended."""
