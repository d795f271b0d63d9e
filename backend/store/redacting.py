"""Removes the content of mail that only a disconnected mailbox has (D-21), batch by batch."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import MailboxId, MailboxKey, MessageId
from backend.store.mailboxes import keys
from backend.store.models import (
    Attachment,
    Mailbox,
    Message,
    MessageBody,
    MessageCopy,
    PendingMessage,
)


def waiting(session: Session) -> Sequence[MailboxKey]:
    """Mailboxes whose mail is still to be redacted, over all workspaces."""
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.redact_until.is_not(None), Mailbox.redacted_at.is_(None)
    )
    return keys(session, query)


def redact(session: Session, mailbox_id: MailboxId, most: int, now: datetime) -> int:
    """Remove the content of the next messages. Returns how many; 0 when none is left."""
    ids = _next(session, mailbox_id, most)
    bodies = update(MessageBody).where(MessageBody.message_id.in_(ids))
    session.execute(bodies.values(text="", html=None, reply_text=None, redacted_at=now))
    session.execute(update(Message).where(Message.id.in_(ids)).values(snippet=""))
    session.execute(update(Attachment).where(Attachment.message_id.in_(ids)).values(filename=""))
    session.execute(
        update(PendingMessage)
        .where(PendingMessage.sent_message_id.in_(ids))
        .values(body_text="", mime=None)
    )
    return len(ids)


def finish(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """Nothing is left to redact."""
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(redacted_at=now))


def _next(session: Session, mailbox_id: MailboxId, most: int) -> Sequence[MessageId]:
    """Messages stored before the disconnect that no other mailbox still holds with their text."""
    other, holder = aliased(MessageCopy), aliased(Mailbox)
    elsewhere = (
        exists()
        .where(
            other.message_id == Message.id,
            other.mailbox_id != mailbox_id,
            holder.id == other.mailbox_id,
            or_(holder.redact_until.is_(None), holder.redact_until < Message.stored_at),
        )
        .correlate(Message)
    )
    query = (
        select(Message.id)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .join(MessageBody, MessageBody.message_id == Message.id)
        .where(
            MessageCopy.mailbox_id == mailbox_id,
            MessageBody.redacted_at.is_(None),
            Message.stored_at <= Mailbox.redact_until,
            ~elsewhere,
        )
        .distinct()
        .limit(most)
    )
    return session.scalars(query).all()
