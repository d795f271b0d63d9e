"""Retries a blocked mailbox: when Google allows it again, it resumes by itself."""

from typing import TYPE_CHECKING

import structlog

from backend.deps import Deps
from backend.domain.ids import MailboxId, MailboxKey, WorkspaceId
from backend.domain.summaries.mailbox import MailboxState
from backend.errors import HistoryExpired
from backend.jobs import JobName
from backend.services.importing.opening import open_mailbox
from backend.services.planning import connected_again
from backend.services.troubles import troubles_noted
from backend.store import import_runs, mailboxes
from backend.store.session import after_commit

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)


def look_again(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Read from the mailbox what live sync would read; a refusal keeps it blocked for an hour."""
    key = MailboxKey(workspace_id, mailbox_id)
    with deps.store.begin(workspace_id) as session:
        mailbox = mailboxes.get(session, mailbox_id)
        if mailbox.state != MailboxState.BLOCKED or mailbox.sealed_token is None:
            return
        cursor = mailbox.cursor
    deps.google.cache.forget(mailbox_id)
    with troubles_noted(deps, key):
        read(open_mailbox(deps, key), None if cursor is None else int(cursor))
        put_back_to_work(deps, key)


def read(gmail: "GmailMailbox", cursor: int | None) -> None:
    """The next call that this mailbox would make. Its result is left to sync."""
    if cursor is None:
        gmail.profile()
        return
    try:
        gmail.history(cursor)
    except HistoryExpired:
        return  # sync finds the same, and knows what to do


def put_back_to_work(deps: Deps, key: MailboxKey) -> None:
    """Resume where the mailbox stopped. Mail that had to wait for it is not late."""
    now = deps.now()
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.lock(session, key.mailbox_id)
        if mailbox.state != MailboxState.BLOCKED:
            return
        imports = import_runs.running(session, key.mailbox_id) is not None
        mailbox.state = MailboxState.IMPORTING if imports else MailboxState.LIVE
        mailboxes.start_afresh(mailbox)
        mailbox.send_paused_until = now
        session.flush()
        connected_again(session, key.mailbox_id, now)
        after_commit(session, lambda: deps.jobs.enqueue(JobName.SYNC_MAILBOX, *key))
    log.info("mailbox_works_again", mailbox_id=key.mailbox_id)
