"""Opens a mailbox for a job."""

from typing import TYPE_CHECKING

from backend.deps import Deps
from backend.domain.ids import MailboxKey
from backend.google.apis import Access
from backend.rate_limit import pacer
from backend.store import credentials

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox


def open_mailbox(deps: Deps, key: MailboxKey) -> "GmailMailbox":
    """The mailbox at Google, rate-limited by its token bucket."""
    with deps.store.begin(key.workspace_id) as session:
        token = credentials.refresh_token(session, deps.sealer, key.mailbox_id)
    return deps.google.mailbox(Access(key.mailbox_id, token), pacer(deps, key.mailbox_id))
