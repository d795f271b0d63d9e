"""Contacts as a list, as a page, and as suggestions while typing.

The only place that maps contact rows to summaries, a page at a time, without a query per row.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import AccountId, ContactId
from backend.domain.mail.address import address_key, domain_of
from backend.domain.mail.domains import company_domains
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import written_person
from backend.domain.people.name_keys import folded_name, folded_words
from backend.domain.people.suggestions import company_domain, suggest
from backend.domain.summaries.people import (
    AddressLine,
    ContactSummary,
)
from backend.errors import NotFound
from backend.queries.accounts import account_line
from backend.queries.contact_summary import address_line, contact_summary
from backend.queries.keyset import NEVER, Order, Slice, count_up_to, latest, page_of
from backend.queries.recency import narrowed
from backend.store import accounts, failures
from backend.store.contacts import memberships
from backend.store.like import holds_every, key_starts_with, one_of, searched
from backend.store.models import Account, AccountContact, Contact, ContactAddress, Suppression
from backend.store.team import member_of, members_by_id
from backend.store.workspace_rules import team

PEOPLE_SHOWN = 10
"""Contacts on the page of an account."""

MOST_AT_ONCE = 1000
"""People of one list that are put into a form; too many for one sending are shown there."""
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
"""The filter for contacts that are assigned to no member."""
SUGGESTED = 200
"""Contacts per kind of prefix match among which the last heard from are suggested."""
SEARCHED = 20_000
"""Contacts last heard from whose names are searched anywhere. The starts of names and addresses are
searched among all.
"""


def contacts(deps: Deps, actor: Actor, query: ListQuery) -> Page[ContactSummary]:
    """A page of contacts. Filters: `account` (an id), `subscription`, `assigned` (a member's id or
    "nobody"), `heard`, `replied`; sorts as for accounts, and unsubscribed.
    """
    account = whole_id(query.filters.get("account"))
    account_id = AccountId(account) if account else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = contacts_page(session, query, account_id=account_id, now=deps.now())
        lines = contact_summaries(deps, actor, session, [row[0] for row in found.rows])
    return found.showing(lines, total)


def of_account(deps: Deps, actor: Actor, account_id: AccountId) -> Page[ContactSummary]:
    """The contacts of an account last heard from, and how many there are."""
    with deps.store.begin(actor.workspace_id) as session:
        found, total = contacts_page(
            session, ListQuery(limit=PEOPLE_SHOWN), account_id=account_id, now=deps.now()
        )
        lines = contact_summaries(deps, actor, session, [row[0] for row in found.rows])
    return found.showing(lines, total)


def contact(deps: Deps, actor: Actor, contact_id: ContactId) -> ContactSummary:
    """One contact. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = session.get(Contact, contact_id)
        if row is None:
            raise NotFound("There is no such contact. They may have been merged or erased.")
        return contact_summaries(deps, actor, session, [row])[0]


def roles(deps: Deps, actor: Actor, contact_id: ContactId) -> Mapping[AccountId, str]:
    """A contact's role at each of their accounts; empty where there is none."""
    with deps.store.begin(actor.workspace_id) as session:
        return memberships(session, contact_id)


def suggested(deps: Deps, actor: Actor, words: str, *, limit: int) -> Sequence[ContactSummary]:
    """A few contacts whose name or address begins like this, those last heard from first."""
    asked = " ".join(words.split())
    if not asked:
        return ()
    with deps.store.begin(actor.workspace_id) as session:
        rows = _starting_with(session, asked, limit=limit)
        return contact_summaries(deps, actor, session, rows)


def audience(
    deps: Deps, actor: Actor, *, contacts: Sequence[int], accounts: Sequence[int]
) -> Sequence[str]:
    """The contacts ticked in a list, and all those of the accounts ticked in one, as text for a
    field of recipients (VC-4, VC-5, VC-17).
    """
    with deps.store.begin(actor.workspace_id) as session:
        found = _reached(session, contacts, accounts, limit=MOST_AT_ONCE)
        return [written_person(name, address) for name, address in found]


def offered(deps: Deps, actor: Actor, *, name: str, email: str) -> tuple[str, str]:
    """Prefilled values for the form of a new contact: the name as a person would write it, and the
    account with the address's domain. Both are empty for an invalid address.
    """
    key = address_key(email)
    if not key:
        return name, ""
    with deps.store.begin(actor.workspace_id) as session:
        company = company_domain(key, team(session))
        hints = accounts.with_domains(session, company_domains(domain_of(key)))
    found = suggest(name, key, company=company, accounts=hints)
    return found.name, found.account.name if found.account else found.new_account_name or ""


def contact_summaries(
    deps: Deps, actor: Actor, session: Session, rows: Sequence[Contact]
) -> list[ContactSummary]:
    """Contacts with their addresses, their accounts, and why they may not be written to, if so."""
    ids = [row.id for row in rows]
    addresses = _addresses(session, ids)
    accounts = _accounts_of(session, ids)
    lines = _address_lines(deps, actor, session, addresses)
    holders = [row.assigned_to for row in rows if row.assigned_to is not None]
    members = members_by_id(session, holders)
    return [
        contact_summary(
            row,
            addresses=lines.get(row.id, ()),
            accounts=tuple(account_line(one) for one in accounts.get(row.id, ())),
            assigned_to=member_of(members, row.assigned_to),
        )
        for row in rows
    ]


def _address_lines(
    deps: Deps, actor: Actor, session: Session, addresses: Mapping[int, Sequence[ContactAddress]]
) -> Mapping[int, tuple[AddressLine, ...]]:
    """The addresses of each contact, with why they may not be written to and what failed."""
    rows = [row for several in addresses.values() for row in several]
    hashes = {row.key: deps.keyed_hash.of(actor.workspace_id, row.key) for row in rows}
    stops = _suppressions(session, list(hashes.values()))
    failed = failures.of_keys(session, hashes)
    return {
        contact_id: tuple(
            address_line(actor, row, stops.get(hashes[row.key], ()), failed.get(row.key))
            for row in several
        )
        for contact_id, several in addresses.items()
    }


def contacts_page(
    session: Session, asked: ListQuery, *, account_id: AccountId | None, now: datetime
) -> tuple[Slice[Contact], int | None]:
    """One page of contacts, of one account if named. Rows hold the contact as `Contact`."""
    gone = Contact.archived_at.is_not(None)
    query = select(Contact).where(gone if asked.filters.get("archived") else ~gone)
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
    query = _assigned_to(query, asked.filters.get("assigned"))
    query = narrowed(query, LAST_INTERACTION, asked.filters.get("heard"), now)
    query = narrowed(query, LAST_REPLY, asked.filters.get("replied"), now)
    order = ORDERS.get(asked.sort, ORDERS[DEFAULT_ORDER])
    return page_of(session, query, order, asked), count_up_to(session, query)


def _starting_with(session: Session, words: str, *, limit: int) -> Sequence[Contact]:
    """A few contacts whose name, last name or address begins with the words; those last heard from
    first. Only indexes are read.
    """
    begun = [select(Contact.id).where(one).limit(SUGGESTED) for one in starts(words)]
    addressed = select(ContactAddress.contact_id).where(key_starts_with(ContactAddress.key, words))
    query = (
        select(Contact)
        .where(one_of(Contact.id, *begun, addressed.limit(SUGGESTED)))
        .where(Contact.archived_at.is_(None))
        .order_by(LAST_INTERACTION.desc(), Contact.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def _reached(
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
    """Whether a name begins with the words, or its last word and those before it do."""
    folded = folded_name(words)
    return [key_starts_with(key, folded) for key in (Contact.first_key, Contact.last_key)]


def _assigned_to(query: Select[Contact], asked: str | None) -> Select[Contact]:
    """Only contacts of one member, or of nobody."""
    if asked == NOBODY:
        return query.where(Contact.assigned_to.is_(None))
    member_id = whole_id(asked)
    return query.where(Contact.assigned_to == member_id) if member_id is not None else query


def _addresses(
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


def _accounts_of(session: Session, contact_ids: Sequence[ContactId]) -> Mapping[int, list[Account]]:
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


def _suppressions(session: Session, hashes: Sequence[bytes]) -> Mapping[bytes, list[Suppression]]:
    """The suppressions of a few addresses, by keyed hash."""
    query = select(Suppression).where(
        Suppression.address_hash.in_(hashes), Suppression.ended_at.is_(None)
    )
    found: dict[bytes, list[Suppression]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.address_hash].append(row)
    return found


def _found(words: str) -> ColumnElement[bool]:
    """Every word in the name, in any order, or the start of an address."""
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
