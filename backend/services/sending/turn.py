"""One job's turn to send from one mailbox, and what it claimed."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId, WorkspaceId
from backend.services.deps import Deps
from backend.services.sending.mime import Built


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The mailbox is ours to send from while `owner` stands in its lease."""

    deps: Deps
    workspace_id: WorkspaceId
    mailbox_id: MailboxId
    owner: str

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction of the mailbox's workspace."""
        return self.deps.store.begin(self.workspace_id)


@dataclass(frozen=True)
class Ticket:
    """The mail that was decided to leave now, as it stood then."""

    pending_id: PendingId
    version: int
    built: Built


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A mail that is `sending`: its frozen bytes, Gmail's thread, and which attempt this is."""

    pending_id: PendingId
    attempt: int
    mime: bytes
    thread_id: str | None
