"""A mailbox's own further addresses, and the domain that becomes internal with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.address import address_key
from backend.domain.team import own_domain
from backend.store.models import InternalDomain, Mailbox, MailboxAlias


def learn(session: Session, mailbox: Mailbox, addresses: Sequence[str], now: datetime) -> None:
    """Keep the addresses that Gmail proved by "send as" (S-13)."""
    rows = [
        {
            "workspace_id": mailbox.workspace_id,
            "mailbox_id": mailbox.id,
            "key": address_key(address),
            "address": address,
            "source": "send_as",
            "proven_at": now,
        }
        for address in addresses
        if address_key(address) and address_key(address) != mailbox.email_key
    ]
    if rows:
        session.execute(insert(MailboxAlias).on_conflict_do_nothing(), rows)


def block_own_domain(session: Session, mailbox: Mailbox, email_key: str) -> None:
    """The company's own domain is internal without anybody entering it (S-12)."""
    domain = own_domain(email_key)
    if domain:
        session.execute(
            insert(InternalDomain)
            .values(workspace_id=mailbox.workspace_id, domain=domain)
            .on_conflict_do_nothing()
        )
