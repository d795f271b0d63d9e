"""Renews what a job holds while it reads: the mailbox or a run of it, and claimed messages."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxKey
from backend.services.importing.draining import Hold
from backend.services.lease_renewal import renewing
from backend.store import fetching


@contextmanager
def renewing_claims(deps: Deps, key: MailboxKey, owner: str, hold: Hold) -> Iterator[None]:
    """Renew what `owner` holds of the mailbox until the block ends: by `hold`, and its claims."""

    def renew(session: Session) -> None:
        if hold(session, deps.now()):
            fetching.keep_claims(session, key.mailbox_id, owner, deps.now())

    with renewing(deps, key.workspace_id, renew):
        yield
