"""Asking Gmail for push notifications, and asking again well before they end."""

from typing import TYPE_CHECKING

from backend.domain.ids import MailboxId, WorkspaceId
from backend.errors import RapportError
from backend.services.deps import Deps
from backend.services.importing.opening import Box, open_mailbox, troubles_noted
from backend.store import mailboxes

if TYPE_CHECKING:
    from backend.google.gmail import GmailMailbox


def renew_watch(deps: Deps, workspace_id: WorkspaceId, mailbox_id: MailboxId) -> None:
    """Ask for push notifications again, well before they end."""
    box = Box(workspace_id=workspace_id, mailbox_id=mailbox_id)
    with troubles_noted(deps, box):
        renew_watch_of(deps, box, open_mailbox(deps, box))


def renew_watch_of(deps: Deps, box: Box, gmail: "GmailMailbox") -> None:
    """One watch call. A refusal is noted and shown: polling goes on all the same."""
    if deps.google.push_topic is None:
        return
    try:
        expires, error = gmail.watch(deps.google.push_topic), None
    except RapportError as refusal:
        expires, error = None, refusal.sentence
    with deps.store.begin(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.mailbox_id)
        mailbox.watch_expires_at = expires or mailbox.watch_expires_at
        mailbox.watch_error = error
