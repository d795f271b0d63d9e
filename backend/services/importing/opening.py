"""Opening a mailbox for a job, and what an error of Google's means for its state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from backend.domain.ids import MailboxId, WorkspaceId
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import (
    Interrupted,
    MailboxBlocked,
    MailboxDisconnected,
    RapportError,
    RateLimited,
    ScopeMissing,
    TryLater,
)
from backend.google.apis import Access
from backend.services.deps import Deps
from backend.services.pacing import heed, pacer
from backend.store import credentials, mailboxes

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)

SECOND_REFUSAL_AFTER = timedelta(seconds=60)
"""A refusal counts once it is repeated this much later: token endpoints err, too."""

PAUSE = timedelta(seconds=30)
"""How long a mailbox rests after a trouble that names no time."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A mailbox a job works on."""

    workspace_id: WorkspaceId
    mailbox_id: MailboxId

    @property
    def key(self) -> tuple[WorkspaceId, MailboxId]:
        """Both ids, as queries take them."""
        return self.workspace_id, self.mailbox_id


def open_mailbox(deps: Deps, box: Box) -> "GmailMailbox":
    """The mailbox at Google, paced by its token bucket."""
    with deps.store.begin(box.workspace_id) as session:
        token = credentials.refresh_token(session, deps.sealer, box.mailbox_id)
    return deps.google.mailbox(Access(box.mailbox_id, token), pacer(deps, box.mailbox_id))


@contextmanager
def troubles_noted(deps: Deps, box: Box) -> Iterator[None]:
    """Write down on the mailbox what stops a job; the job itself ends quietly."""
    try:
        yield
    except MailboxDisconnected as error:
        note_refusal(deps, box, error)
    except (ScopeMissing, MailboxBlocked) as error:
        end(deps, box, MailboxState.BLOCKED, error)
    except Interrupted:
        log.info("interrupted", mailbox_id=box.mailbox_id)
    except TryLater as error:
        if isinstance(error, RateLimited):
            heed(deps, error)
        until = error.after or deps.now() + PAUSE
        with deps.store.begin(box.workspace_id) as session:
            mailboxes.pause(session, box.mailbox_id, until)
            mailboxes.note_error(session, box.mailbox_id, error.sentence, deps.now())
        log.info("mailbox_paused", mailbox_id=box.mailbox_id, until=until.isoformat())


def note_refusal(deps: Deps, box: Box, error: RapportError) -> None:
    """The first refusal is remembered, the second ends the connection."""
    deps.google.cache.forget(box.mailbox_id)
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        if mailbox.sealed_token is None:
            return  # a job that was asked for before the connection ended
        first = mailbox.refused_at
        if first is None:
            mailbox.refused_at = deps.now()
            mailbox.last_error, mailbox.last_error_at = error.sentence, deps.now()
    if first is not None and deps.now() - first >= SECOND_REFUSAL_AFTER:
        end(deps, box, MailboxState.DISCONNECTED, error)


def end(deps: Deps, box: Box, state: MailboxState, error: RapportError) -> None:
    """Stop working on a mailbox until its owner or an admin acts. Cursor and history stay."""
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        mailbox.state = state.value
        mailbox.last_error, mailbox.last_error_at = error.sentence, deps.now()
        mailbox.refused_at = None
        if state is MailboxState.DISCONNECTED:
            mailbox.disconnected_at = deps.now()
            mailbox.sealed_token = None
    log.warning("mailbox_ended", mailbox_id=box.mailbox_id, state=state.value)
