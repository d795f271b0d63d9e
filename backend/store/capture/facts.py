"""What is known of the people and threads of a batch, looked up with one query each."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, func, select
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.known import Directory, KnownContact
from backend.domain.reasons import Reason
from backend.store.models import (
    AccountContact,
    Contact,
    ContactAddress,
    Conversation,
    Decision,
    GmailThread,
    LogEntry,
    Message,
    PendingMessage,
    ThreadId,
)


def directory(session: Session, keys: Iterable[str]) -> Directory:
    """The contacts behind these addresses, with their accounts."""
    wanted = sorted(set(keys))
    if not wanted:
        return Directory()
    accounts = (
        select(func.array_agg(AccountContact.account_id, type_=ARRAY(BigInteger)))
        .where(AccountContact.contact_id == Contact.id)
        .scalar_subquery()
    )
    query = (
        select(ContactAddress.key, Contact.id, Contact.created_at, Contact.assigned_to, accounts)
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .where(ContactAddress.key.in_(wanted))
        .order_by(Contact.id)
    )
    found: dict[str, list[KnownContact]] = {}
    for key, contact_id, created_at, assigned_to, account_ids in session.execute(query):
        known = KnownContact(
            contact_id=ContactId(contact_id),
            created_at=created_at,
            accounts=tuple(AccountId(account_id) for account_id in sorted(account_ids or ())),
            assigned_to=MemberId(assigned_to) if assigned_to is not None else None,
        )
        found.setdefault(key, []).append(known)
    return Directory(contacts=found)


def known_sends(session: Session, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these ids are pending mails of ours."""
    wanted = list(ids)
    if not wanted:
        return frozenset()
    return frozenset(
        session.scalars(select(PendingMessage.id).where(PendingMessage.id.in_(wanted)))
    )


def sent_messages(session: Session, rfc_ids: Iterable[str]) -> Mapping[str, int]:
    """Message ids of our own mail by Message-ID: what a bounce may report on."""
    wanted = sorted(set(rfc_ids))
    if not wanted:
        return {}
    query = select(Message.rfc_id, Message.id).where(
        Message.rfc_id.in_(wanted), Message.outgoing.is_(True)
    )
    return {str(rfc_id): message_id for rfc_id, message_id in session.execute(query)}


def followed(
    session: Session, mailbox_id: int, thread_ids: Sequence[str], rfc_ids: Iterable[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Of these Gmail threads and Message-IDs, those whose conversation somebody follows."""
    by_thread = (
        select(GmailThread.thread_id)
        .join(Conversation, Conversation.id == GmailThread.conversation_id)
        .where(
            GmailThread.mailbox_id == mailbox_id,
            GmailThread.thread_id.in_(thread_ids),
            Conversation.followed_at.is_not(None),
        )
    )
    by_id = (
        select(ThreadId.rfc_id)
        .join(Conversation, Conversation.id == ThreadId.conversation_id)
        .where(ThreadId.rfc_id.in_(sorted(set(rfc_ids))), Conversation.followed_at.is_not(None))
    )
    return frozenset(session.scalars(by_thread)), frozenset(session.scalars(by_id))


def taken_out(session: Session, identities: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these messages a person took out of the timeline."""
    query = (
        select(Message.identity)
        .join(LogEntry, LogEntry.message_id == Message.id)
        .where(Message.identity.in_(identities), LogEntry.removed_at.is_not(None))
    )
    return frozenset(session.scalars(query))


def unlogged(session: Session, rfc_hashes: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these messages, by the keyed hash of their Message-ID, a person took back after a
    click: nothing of them is stored but that decision.
    """
    if not rfc_hashes:
        return frozenset()
    query = select(Decision.rfc_hash).where(
        Decision.rfc_hash.in_(rfc_hashes), Decision.reason == Reason.UNLOGGED.value
    )
    return frozenset(found for found in session.scalars(query) if found is not None)
