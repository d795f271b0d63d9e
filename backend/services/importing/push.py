"""Asks Gmail for push notifications, and renews well before they expire."""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from backend.deps import Deps
from backend.domain.ids import MailboxId, MailboxKey, WorkspaceId
from backend.domain.sync.polling import PollReason
from backend.errors import RapportError
from backend.services.importing.opening import open_mailbox
from backend.services.troubles import troubles_noted
from backend.store import mailboxes, polling

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox

ONE_CLIENT = "one user push notification client"
"""Gmail's message when it still holds an earlier watch of ours, which must be stopped first."""

log = structlog.get_logger(__name__)


def renew_watch(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Renew push notifications well before they expire, or because none arrive.

    Gmail may keep a watch that no longer notifies; stopping it first revives it.
    """
    key = MailboxKey(workspace_id, mailbox_id)
    with deps.store.begin(workspace_id) as session:
        lost = polling.push_was_lost(session, mailbox_id, deps.now())
        silent = lost or mailboxes.get(session, mailbox_id).poll_because == PollReason.PUSH_LOST
    if lost:
        log.warning("push_lost", mailbox_id=mailbox_id)
    with troubles_noted(deps, key):
        gmail = open_mailbox(deps, key)
        if silent:
            gmail.stop()
        renew_watch_of(deps, key, gmail)


def watch_alone(gmail: "GmailMailbox", topic: str) -> datetime:
    """Watch, first stopping any watch Gmail still holds for us: it allows one client per mailbox,
    and says so in its message, whatever the reason code.
    """
    try:
        return gmail.watch(topic)
    except RapportError as refusal:
        if ONE_CLIENT not in refusal.sentence.lower():
            raise
    gmail.stop()
    return gmail.watch(topic)


def renew_watch_of(deps: Deps, key: MailboxKey, gmail: "GmailMailbox") -> None:
    """One watch call. A refusal is stored and shown: then the mailbox is polled every minute."""
    if deps.google.push_topic is None:
        with deps.store.begin(key.workspace_id) as session:
            polling.look_closely(session, key.mailbox_id, PollReason.NO_PUSH, deps.now())
        return
    try:
        expires, error = watch_alone(gmail, deps.google.push_topic), None
    except RapportError as refusal:
        expires, error = None, refusal.sentence
    with deps.store.begin(key.workspace_id) as session:
        mailbox = mailboxes.get(session, key.mailbox_id)
        mailbox.watch_expires_at = expires or mailbox.watch_expires_at
        mailbox.watch_error = error
        if error is not None:
            polling.look_closely(session, key.mailbox_id, PollReason.PUSH_REFUSED, deps.now())
