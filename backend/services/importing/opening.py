"""Opens a mailbox for a job."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.deps import Deps
from backend.domain.ids import MailboxId, WorkspaceId
from backend.google.apis import Access
from backend.rate_limit import pacer
from backend.store import credentials

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox


@dataclass(frozen=True, kw_only=True)
class Box:
    """The mailbox of a job."""

    workspace_id: WorkspaceId
    mailbox_id: MailboxId

    @property
    def key(self) -> tuple[WorkspaceId, MailboxId]:
        """Both ids, as queries take them."""
        return self.workspace_id, self.mailbox_id


def open_mailbox(deps: Deps, box: Box) -> "GmailMailbox":
    """The mailbox at Google, rate-limited by its token bucket."""
    with deps.store.begin(box.workspace_id) as session:
        token = credentials.refresh_token(session, deps.sealer, box.mailbox_id)
    return deps.google.mailbox(Access(box.mailbox_id, token), pacer(deps, box.mailbox_id))
