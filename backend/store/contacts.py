"""Contacts by address, and new ones. Lists of them are in `queries/contacts`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy import exists as exists_
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import AccountId, ContactId, MemberId, MessageId
from backend.domain.mail.address import address_key
from backend.domain.mail.message import NamedAddress
from backend.domain.people.actor import Actor
from backend.store.models import (
    Account,
    AccountContact,
    Contact,
    ContactAddress,
    ConversationContact,
    Participant,
)

LOCK = text("SELECT pg_advisory_xact_lock(4712, hashtext(:workspace_id || ' ' || :key))")
"""Creating a contact of this address holds this lock until the end of the transaction (the number
only names the purpose).
"""


ROLES = array(["from", "to", "cc", "bcc", "reply_to"])
MOST_ADDRESSES = 100
"""Addresses of a message that are looked up."""


CHOOSABLE = 200
"""Contacts of an account offered as choices in a form."""


@dataclass(frozen=True)
class Named:
    """A contact by name, with the first of its accounts."""

    name: str
    account_name: str | None


def lock_address(session: Session, actor: Actor, key: str) -> None:
    """Wait until nobody else is creating a contact of this address."""
    session.execute(LOCK, {"workspace_id": str(actor.workspace_id), "key": key})


def with_key(session: Session, key: str) -> ContactId | None:
    """The contact with this address, the oldest of several."""
    query = (
        select(ContactAddress.contact_id)
        .where(ContactAddress.key == key)
        .order_by(ContactAddress.contact_id)
        .limit(1)
    )
    return session.scalar(query)


def behind(session: Session, keys: Sequence[str]) -> Mapping[str, ContactId]:
    """The contact of each address that has one; the oldest when several share it."""
    query = (
        select(ContactAddress.key, ContactAddress.contact_id)
        .where(ContactAddress.key.in_(keys))
        .order_by(ContactAddress.contact_id.desc())
    )
    return dict(session.execute(query).all())


def on_message(session: Session, message_id: MessageId) -> ContactId | None:
    """The contact of the first address on a stored message that has one, whatever it is filed
    under: mail filed by domain has no contacts.
    """
    written = (
        select(Participant.address)
        .where(Participant.message_id == message_id)
        .order_by(func.array_position(ROLES, Participant.role), Participant.position)
        .limit(MOST_ADDRESSES)
    )
    keys = [address_key(one) for one in session.scalars(written)]
    query = (
        select(ContactAddress.key, func.min(ContactAddress.contact_id))
        .where(ContactAddress.key.in_(keys))
        .group_by(ContactAddress.key)
    )
    found = dict(session.execute(query).all())
    return next((found[key] for key in keys if key in found), None)


def exists(session: Session, contact_id: ContactId) -> bool:
    """Whether the workspace has this contact."""
    return session.scalar(select(Contact.id).where(Contact.id == contact_id)) is not None


def named(session: Session, contact_ids: Sequence[ContactId]) -> Mapping[int, Named]:
    """A few contacts, each with its oldest account."""
    account = (
        select(Account.name)
        .join(AccountContact, AccountContact.account_id == Account.id)
        .where(AccountContact.contact_id == Contact.id)
        .order_by(AccountContact.since, Account.id)
        .limit(1)
        .scalar_subquery()
    )
    query = select(Contact.id, Contact.name, account).where(Contact.id.in_(contact_ids))
    return {one: Named(name, company) for one, name, company in session.execute(query)}


def at_account(
    session: Session, account_id: AccountId, also: ContactId | None
) -> Sequence[tuple[ContactId, str]]:
    """The contacts of an account by name, up to a limit, and one more if given."""
    members = select(AccountContact.contact_id).where(AccountContact.account_id == account_id)
    query = (
        select(Contact.id, Contact.name)
        .where(Contact.id.in_(members) | (Contact.id == also))
        .order_by(Contact.name_key, Contact.id)
        .limit(CHOOSABLE)
    )
    return [(one, name) for one, name in session.execute(query)]


def add(
    session: Session, actor: Actor, person: NamedAddress, *, via: str, now: datetime
) -> ContactId:
    """Insert a contact with one address. `via` is its origin."""
    contact_id = session.execute(
        insert(Contact)
        .values(
            workspace_id=actor.workspace_id,
            name=person.name,
            created_at=now,
            created_by=actor.member_id,
            created_via=via,
        )
        .returning(Contact.id)
    ).scalar_one()
    session.execute(
        insert(ContactAddress).values(
            workspace_id=actor.workspace_id,
            contact_id=contact_id,
            key=person.key,
            address=person.address,
            is_primary=True,
        )
    )
    return contact_id


def assign(
    session: Session, contact_ids: Sequence[ContactId], to: MemberId | None
) -> Mapping[ContactId, MemberId | None]:
    """Assign the contacts to this member, or to nobody. Returns those that changed, with the
    previous assignee.
    """
    query = (
        select(Contact.id, Contact.assigned_to)
        .where(Contact.id.in_(contact_ids), Contact.assigned_to.is_distinct_from(to))
        .order_by(Contact.id)
        .with_for_update()
    )
    before = dict(session.execute(query).all())
    session.execute(update(Contact).where(Contact.id.in_(before)).values(assigned_to=to))
    return before


def prefer(session: Session, contact_id: ContactId, now: datetime) -> int:
    """Prefer this contact for the addresses it shares with others. Returns how many others there
    are.
    """
    other = aliased(ContactAddress)
    shared = exists_(
        select(other.key).where(
            other.key == ContactAddress.key, other.contact_id != ContactAddress.contact_id
        )
    )
    changed = session.execute(
        update(ContactAddress)
        .where(ContactAddress.contact_id == contact_id, shared)
        .values(preferred_at=now)
        .returning(ContactAddress.key)
    )
    return len(changed.all())


def join_account(
    session: Session, actor: Actor, contact_id: ContactId, account_id: AccountId, now: datetime
) -> None:
    """Add the contact to the account, once."""
    session.execute(
        insert(AccountContact)
        .values(
            workspace_id=actor.workspace_id,
            account_id=account_id,
            contact_id=contact_id,
            since=now,
        )
        .on_conflict_do_nothing()
    )


def keys_of(session: Session, contact_id: ContactId) -> Collection[str]:
    """The identity keys of a contact's addresses."""
    query = select(ContactAddress.key).where(ContactAddress.contact_id == contact_id)
    return set(session.scalars(query))


def address_lines(session: Session, contact_id: ContactId) -> list[str]:
    """A contact's addresses as written, the primary one first."""
    query = (
        select(ContactAddress.address)
        .where(ContactAddress.contact_id == contact_id)
        .order_by(ContactAddress.is_primary.desc(), ContactAddress.key)
    )
    return list(session.scalars(query))


def put_addresses(
    session: Session, actor: Actor, contact_id: ContactId, addresses: Sequence[str]
) -> None:
    """Replace the contact's addresses; the first becomes the primary one."""
    wanted = {address_key(one): one for one in addresses}
    here = ContactAddress.contact_id == contact_id
    session.execute(delete(ContactAddress).where(here, ContactAddress.key.not_in(wanted)))
    for position, (key, address) in enumerate(wanted.items()):
        primary = position == 0
        query = insert(ContactAddress).values(
            workspace_id=actor.workspace_id,
            contact_id=contact_id,
            key=key,
            address=address,
            is_primary=primary,
        )
        session.execute(
            query.on_conflict_do_update(
                index_elements=["contact_id", "key"],
                set_={"is_primary": primary, "address": address},
            )
        )


def memberships(session: Session, contact_id: ContactId) -> Mapping[AccountId, str]:
    """The accounts of a contact, each with their role there."""
    query = select(AccountContact.account_id, AccountContact.role).where(
        AccountContact.contact_id == contact_id
    )
    return {one: role or "" for one, role in session.execute(query)}


def put_memberships(
    session: Session,
    actor: Actor,
    contact_id: ContactId,
    wanted: Mapping[AccountId, str],
    now: datetime,
) -> None:
    """Replace the contact's accounts, each with their role there."""
    here = AccountContact.contact_id == contact_id
    session.execute(delete(AccountContact).where(here, AccountContact.account_id.not_in(wanted)))
    for account_id, role in wanted.items():
        query = insert(AccountContact).values(
            workspace_id=actor.workspace_id,
            account_id=account_id,
            contact_id=contact_id,
            since=now,
            role=role or None,
        )
        session.execute(
            query.on_conflict_do_update(
                index_elements=["account_id", "contact_id"], set_={"role": role or None}
            )
        )


def conversation_count(session: Session, contact_id: ContactId) -> int:
    """How many conversations are filed under a contact."""
    query = select(func.count()).where(ConversationContact.contact_id == contact_id)
    return session.scalar(query) or 0


def count(session: Session) -> int:
    """How many contacts the workspace has."""
    return session.scalar(select(func.count()).select_from(Contact)) or 0


def any_contact(session: Session) -> bool:
    """Whether the workspace has any contact."""
    return session.scalar(select(Contact.id).limit(1)) is not None
