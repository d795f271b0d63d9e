"""Opening a mailbox for a job, and what an error of Google's means for its state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from backend.store.models import Mailbox

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
        note_block(deps, box, error)
    except Interrupted:
        log.info("interrupted", mailbox_id=box.mailbox_id)
    except RapportError as error:  # to be tried later, or what nobody expected: shown all the same
        if isinstance(error, RateLimited):
            heed(deps, error)
        until = getattr(error, "after", None) or deps.now() + PAUSE
        with deps.store.begin(box.workspace_id) as session:
            mailboxes.pause(session, box.mailbox_id, until)
            mailboxes.note_error(session, box.mailbox_id, error.sentence, deps.now())
        told = log.info if isinstance(error, TryLater) else log.exception
        told("mailbox_paused", mailbox_id=box.mailbox_id, until=until.isoformat())


def note_refusal(deps: Deps, box: Box, error: RapportError) -> None:
    """The first refusal is remembered, the second ends the connection."""
    deps.google.cache.forget(box.mailbox_id)
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.lock(session, box.mailbox_id)
        if mailbox.sealed_token is None:
            return  # a job that was asked for before the connection ended
        if mailbox.refused_at is None:
            mailbox.refused_at = deps.now()
            mailbox.last_error, mailbox.last_error_at = error.sentence, deps.now()
        elif deps.now() - mailbox.refused_at >= SECOND_REFUSAL_AFTER:
            end(mailbox, MailboxState.DISCONNECTED, error, deps.now())


def note_block(deps: Deps, box: Box, error: RapportError) -> None:
    """Somebody must act before this mailbox works, unless its connection has ended meanwhile."""
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.lock(session, box.mailbox_id)
        if mailbox.sealed_token is not None:
            end(mailbox, MailboxState.BLOCKED, error, deps.now())


def end(mailbox: Mailbox, state: MailboxState, error: RapportError, now: datetime) -> None:
    """Stop working on a mailbox until its owner or an admin acts. Cursor and history stay."""
    mailbox.state = state.value
    mailbox.last_error, mailbox.last_error_at = error.sentence, now
    mailbox.refused_at = None
    if state is MailboxState.DISCONNECTED:
        mailbox.disconnected_at = now
        mailbox.sealed_token = None
    log.warning("mailbox_ended", mailbox_id=mailbox.id, state=state.value)
