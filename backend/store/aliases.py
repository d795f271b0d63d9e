"""A mailbox's further addresses, and the domain that becomes internal with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MailboxKey
from backend.domain.mail.address import address_key
from backend.domain.people.team import own_domain
from backend.store.mailboxes import WORKING
from backend.store.models import InternalDomain, Mailbox, MailboxAlias

PROVEN = "send_as"
"""The source of an address that Gmail proves; an admin confirms others."""


def learn(
    session: Session, mailbox: Mailbox, addresses: Sequence[str], now: datetime
) -> Sequence[str]:
    """Store the addresses that Gmail proves by "send as" (S-13), and drop those it no longer
    proves. What an admin confirmed stays. Returns the new keys.
    """
    mailbox.own_addresses_at = now
    session.execute(
        delete(MailboxAlias).where(
            MailboxAlias.mailbox_id == mailbox.id,
            MailboxAlias.source == PROVEN,
            MailboxAlias.key.not_in([address_key(address) for address in addresses]),
        )
    )
    rows = [
        {
            "workspace_id": mailbox.workspace_id,
            "mailbox_id": mailbox.id,
            "key": address_key(address),
            "address": address,
            "source": PROVEN,
            "proven_at": now,
        }
        for address in addresses
        if address_key(address) and address_key(address) != mailbox.email_key
    ]
    if not rows:
        return []
    fresh = insert(MailboxAlias).values(rows).on_conflict_do_nothing()
    return session.scalars(fresh.returning(MailboxAlias.key)).all()


def read_soon(session: Session, mailbox_id: MailboxId) -> None:
    """Gmail could not say: the next round reads again."""
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(own_addresses_at=None))


def last_read(session: Session) -> Mapping[MailboxKey, datetime | None]:
    """When each working mailbox's further addresses were last read; None means read soon."""
    query = select(Mailbox.workspace_id, Mailbox.id, Mailbox.own_addresses_at).where(
        Mailbox.state.in_(WORKING), Mailbox.cursor.is_not(None)
    )
    return {
        MailboxKey(workspace_id, mailbox_id): at
        for workspace_id, mailbox_id, at in session.execute(query)
    }


def block_own_domain(session: Session, mailbox: Mailbox, email_key: str) -> None:
    """Make the company's own domain internal without anybody entering it (S-12)."""
    domain = own_domain(email_key)
    if domain:
        session.execute(
            insert(InternalDomain)
            .values(workspace_id=mailbox.workspace_id, domain=domain)
            .on_conflict_do_nothing()
        )
