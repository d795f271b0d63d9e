"""Refresh tokens at rest: sealed to their mailbox, opened only to call Google."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.errors import MailboxDisconnected
from backend.store.models import Mailbox
from backend.store.sealing import Sealer

NOT_CONNECTED = "This mailbox is not connected. Connect Gmail under Settings, Email."


def context(mailbox_id: MailboxId) -> str:
    """The context to which a mailbox's refresh token is sealed."""
    return f"mailbox-token:{mailbox_id}"


def refresh_token(session: Session, sealer: Sealer, mailbox_id: MailboxId) -> str:
    """The decrypted refresh token. Raises MailboxDisconnected when there is none."""
    sealed = session.scalar(select(Mailbox.sealed_token).where(Mailbox.id == mailbox_id))
    if sealed is None:
        raise MailboxDisconnected(NOT_CONNECTED)
    return sealer.open(sealed, context=context(mailbox_id))
