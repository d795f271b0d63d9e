"""Redacts what only a disconnected mailbox has (D-21, `keep+redact`): who wrote, when and under
which subject stay; texts, previews and names of files go.

Marked in the transaction that disconnects, and done by a job in batches: a mailbox may hold a
hundred thousand messages. The schedule repeats a lost job until nothing is left.
"""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.policies import DisconnectHistory
from backend.jobs import JobName
from backend.store import redacting
from backend.store.models import Mailbox
from backend.store.session import after_commit
from backend.store.workspace_rules import policies

BATCH = 500
"""Messages redacted in one transaction."""


def redact_after(session: Session, deps: Deps, mailbox: Mailbox) -> bool:
    """Have the mail of a mailbox that was just disconnected redacted, if the workspace chose so."""
    if policies(session).disconnect_history is not DisconnectHistory.KEEP_AND_REDACT:
        return False
    mailbox.redact_until, mailbox.redacted_at = deps.now(), None
    key = (mailbox.workspace_id, mailbox.id)
    after_commit(session, lambda: deps.jobs.enqueue(JobName.REDACT_MAILBOX, *key))
    return True


def redact_mailbox(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Redact until nothing is left. Idempotent."""
    while True:
        with deps.store.begin(workspace_id) as session:
            if redacting.redact(session, mailbox_id, BATCH, deps.now()) == 0:
                redacting.finish(session, mailbox_id, deps.now())
                return
