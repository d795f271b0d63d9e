"""Aliases by address: the owner of one, and its removal."""

from sqlalchemy import delete, select, union_all
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.store.models import Mailbox, MailboxAlias

LISTED = "member"
"""The source of an address that its owner listed."""


def whose(session: Session, key: str) -> MailboxId | None:
    """The mailbox an address belongs to, as its own or as an alias."""
    own = select(Mailbox.id).where(Mailbox.email_key == key)
    alias = select(MailboxAlias.mailbox_id).where(MailboxAlias.key == key)
    return session.scalars(union_all(own, alias)).first()


def alias_of(session: Session, key: str) -> str | None:
    """The address of the mailbox that lists this one as its alias."""
    query = (
        select(Mailbox.email)
        .join(MailboxAlias, MailboxAlias.mailbox_id == Mailbox.id)
        .where(MailboxAlias.key == key)
        .order_by(Mailbox.id)
    )
    return session.scalars(query).first()


def remove(session: Session, mailbox_id: MailboxId, key: str) -> None:
    """Remove an alias from a mailbox."""
    session.execute(
        delete(MailboxAlias).where(MailboxAlias.mailbox_id == mailbox_id, MailboxAlias.key == key)
    )
