"""Contacts as lists, and what a list shows beside each: addresses, accounts, why not to write."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId
from backend.domain.paging import ListQuery, whole_id
from backend.domain.people.name_keys import folded_name, folded_words
from backend.store.keyset import NEVER, AnySelect, Order, Slice, count_up_to, latest, page_of
from backend.store.like import holds_every, key_starts_with, one_of, searched
from backend.store.models import Account, AccountContact, Contact, ContactAddress, Suppression
from backend.store.recency import narrowed

LAST_INTERACTION = latest(Contact.last_interaction_at)
LAST_REPLY = latest(Contact.last_reply_at)
UNSUBSCRIBED_AT = latest(Contact.unsubscribed_at)
ORDERS: Mapping[str, Order] = {
    "interaction": Order(LAST_INTERACTION, Contact.id.expression, descending=True),
    "reply": Order(LAST_REPLY, Contact.id.expression, descending=True),
    "unsubscribed": Order(UNSUBSCRIBED_AT, Contact.id.expression, descending=True),
    "name": Order(Contact.name_key.expression, Contact.id.expression, descending=False),
}
DEFAULT_ORDER = "interaction"
NOBODY = "nobody"
"""Asks for the contacts that are assigned to no member."""

SUGGESTED = 200
"""Contacts of each kind of beginning among which the last heard from are suggested."""

SEARCHED = 20_000
"""Contacts last heard from whose names are searched anywhere. The starts of names and addresses are
searched among all."""


def contacts_page(
    session: Session, asked: ListQuery, *, account_id: AccountId | None, now: datetime
) -> tuple[Slice, int | None]:
    """One page of contacts, of one account if named. Rows hold the contact as `Contact`."""
    query: AnySelect = select(Contact)
    if asked.words:
        query = query.where(_found(asked.words))
    if account_id is not None:
        here = select(AccountContact.contact_id).where(AccountContact.account_id == account_id)
        query = query.where(Contact.id.in_(here))
    match asked.filters.get("subscription"):
        case "unsubscribed":
            query = query.where(UNSUBSCRIBED_AT > NEVER)
        case "subscribed":
            query = query.where(UNSUBSCRIBED_AT == NEVER)
        case _:
            pass
    query = _assigned(query, asked.filters.get("assigned"))
    query = narrowed(query, LAST_INTERACTION, asked.filters.get("heard"), now)
    query = narrowed(query, LAST_REPLY, asked.filters.get("replied"), now)
    order = ORDERS.get(asked.sort, ORDERS[DEFAULT_ORDER])
    return page_of(session, query, order, asked), count_up_to(session, query)


def starting_with(session: Session, words: str, *, limit: int) -> Sequence[Contact]:
    """A few contacts of all whose name or address begins with the words, also by the last word of
    the name; those last heard from first. Only indexes are read.
    """
    begun = [select(Contact.id).where(one).limit(SUGGESTED) for one in starts(words)]
    addressed = select(ContactAddress.contact_id).where(key_starts_with(ContactAddress.key, words))
    query = (
        select(Contact)
        .where(one_of(Contact.id, *begun, addressed.limit(SUGGESTED)))
        .order_by(LAST_INTERACTION.desc(), Contact.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def reached(
    session: Session, contact_ids: Sequence[int], account_ids: Sequence[int], *, limit: int
) -> Sequence[tuple[str, str]]:
    """Name and primary address of these contacts and of all contacts of these accounts, once each,
    account by account.
    """
    belongs = (
        select(func.min(AccountContact.account_id))
        .where(AccountContact.contact_id == Contact.id)
        .scalar_subquery()
    )
    members = select(AccountContact.contact_id).where(AccountContact.account_id.in_(account_ids))
    query = (
        select(Contact.name, ContactAddress.address)
        .join(ContactAddress, ContactAddress.contact_id == Contact.id)
        .where(ContactAddress.is_primary, Contact.id.in_(contact_ids) | Contact.id.in_(members))
        .order_by(belongs, Contact.id)
        .limit(limit)
    )
    return [(name, address) for name, address in session.execute(query)]


def starts(words: str) -> Sequence[ColumnElement[bool]]:
    """That a name begins with the words, or its last word and what stands before it do."""
    folded = folded_name(words)
    return [key_starts_with(key, folded) for key in (Contact.first_key, Contact.last_key)]


def any_contact(session: Session) -> bool:
    """Whether the workspace knows anybody."""
    return session.scalar(select(Contact.id).limit(1)) is not None


def _assigned(query: AnySelect, asked: str | None) -> AnySelect:
    """Only those of one member, or of nobody."""
    if asked == NOBODY:
        return query.where(Contact.assigned_to.is_(None))
    member_id = whole_id(asked)
    return query.where(Contact.assigned_to == member_id) if member_id is not None else query


def contact(session: Session, contact_id: ContactId) -> Contact | None:
    """One contact of the session's workspace."""
    return session.get(Contact, contact_id)


def addresses(
    session: Session, contact_ids: Sequence[ContactId]
) -> Mapping[int, list[ContactAddress]]:
    """The addresses of a few contacts, the primary one first."""
    query = (
        select(ContactAddress)
        .where(ContactAddress.contact_id.in_(contact_ids))
        .order_by(ContactAddress.is_primary.desc(), ContactAddress.key)
    )
    found: dict[int, list[ContactAddress]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.contact_id].append(row)
    return found


def accounts_of(session: Session, contact_ids: Sequence[ContactId]) -> Mapping[int, list[Account]]:
    """The accounts of a few contacts, the oldest membership first."""
    query = (
        select(AccountContact.contact_id, Account)
        .join(Account, Account.id == AccountContact.account_id)
        .where(AccountContact.contact_id.in_(contact_ids))
        .order_by(AccountContact.since, Account.id)
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for contact_id, account in session.execute(query):
        found[contact_id].append(account)
    return found


def suppressions(session: Session, hashes: Sequence[bytes]) -> Mapping[bytes, list[Suppression]]:
    """What forbids writing to a few addresses, by the addresses' keyed hashes."""
    query = select(Suppression).where(
        Suppression.address_hash.in_(hashes), Suppression.ended_at.is_(None)
    )
    found: dict[bytes, list[Suppression]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.address_hash].append(row)
    return found


def _found(words: str) -> ColumnElement[bool]:
    """Every word in the name, in whatever order, or the start of an address."""
    parts, keys = folded_words(words), (Contact.first_key, Contact.last_key)
    recent = (
        select(Contact.id, Contact.first_key)
        .order_by(LAST_INTERACTION.desc(), Contact.id.desc())
        .limit(SEARCHED)
        .subquery()
    )
    return one_of(
        Contact.id,
        select(recent.c.id).where(holds_every(recent.c.first_key, parts)),
        *searched(Contact.first_key, Contact.id, parts, along=keys, most=SEARCHED),
        *(select(Contact.id).where(one).limit(SEARCHED) for one in starts(words)),
        select(ContactAddress.contact_id)
        .where(key_starts_with(ContactAddress.key, words))
        .limit(SEARCHED),
    )
