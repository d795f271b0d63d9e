"""Files of received mail: their metadata, and the mailboxes in which they can be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.capture.smart_bcc import COPY
from backend.domain.ids import MailboxId, MemberId, MessageId
from backend.store.mailboxes import WORKING
from backend.store.models import Attachment, Mailbox, MessageBody, MessageCopy


@dataclass(frozen=True)
class Place:
    """A copy of a message in a working mailbox, with its sealed token."""

    mailbox_id: MailboxId
    gmail_id: str
    sealed_token: bytes


def of_message(session: Session, message_id: MessageId) -> Sequence[Attachment]:
    """The files of a message that are not part of its text, unless its text was removed."""
    query = (
        select(Attachment)
        .outerjoin(MessageBody, MessageBody.message_id == Attachment.message_id)
        .where(
            Attachment.message_id == message_id,
            Attachment.inline.is_(False),
            MessageBody.redacted_at.is_(None),
        )
        .order_by(Attachment.part_id)
    )
    return session.scalars(query).all()


def places(session: Session, message_id: MessageId, reader: MemberId) -> Sequence[Place]:
    """Where a message can be read now, the reader's own mailbox first."""
    query = (
        select(Mailbox.id, MessageCopy.gmail_id, Mailbox.sealed_token)
        .join(MessageCopy, MessageCopy.mailbox_id == Mailbox.id)
        .where(
            MessageCopy.message_id == message_id,
            MessageCopy.deleted_at.is_(None),
            MessageCopy.gmail_id.not_like(f"{COPY}%"),
            Mailbox.state.in_(WORKING),
        )
        .order_by((Mailbox.owner_id == reader).desc().nulls_last(), Mailbox.id)
    )
    return [
        Place(mailbox_id, gmail_id, token)
        for mailbox_id, gmail_id, token in session.execute(query)
        if token is not None
    ]
