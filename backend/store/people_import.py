"""Upserts accounts and contacts of a customer list, a batch at a time, each in a few statements.

Separate from `accounts` and `contacts`, which serve a click on one of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, or_, select, text
from sqlalchemy.orm import Session

from backend.domain.customers.account_book import AccountRow
from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.sending.suppression import SuppressionCause
from backend.store.bulk import write_rows
from backend.store.models import (
    Account,
    AccountContact,
    Base,
    Contact,
    ContactAddress,
    Suppression,
)

LOCKS = text("""
    SELECT pg_advisory_xact_lock(:purpose, one.hash)
      FROM (SELECT DISTINCT hashtext(:workspace_id || ' ' || word) AS hash
              FROM unnest(CAST(:words AS text[])) AS word ORDER BY 1) one""")
"""The locks that single clicks take (`contacts.LOCK`, `accounts.LOCK`), many of them in one order,
so that two lists cannot deadlock.
"""

ADDRESSES, NAMES = 4712, 4713

NEW_IDS = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :n)")
CHANGE_ACCOUNTS = text("""
    UPDATE accounts a SET domain = r.domain, csm_id = r.csm_id, ae_id = r.ae_id, plan = r.plan,
           health = r.health, renews_on = r.renews_on
      FROM json_populate_recordset(CAST(NULL AS accounts), CAST(:rows AS json)) r
     WHERE a.id = r.id""")
CHANGE_CONTACTS = text("""
    UPDATE contacts c SET name = r.name, title = r.title, assigned_to = r.assigned_to
      FROM json_populate_recordset(CAST(NULL AS contacts), CAST(:rows AS json)) r
     WHERE c.id = r.id""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """A contact, existing or changed."""

    id: int
    name: str
    title: str | None
    assigned_to: MemberId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A new contact, with its address."""

    contact: ContactRow
    key: str
    address: str
    since: datetime


def as_columns(row: AccountRow | ContactRow) -> dict[str, object]:
    """A row as a mapping of columns. `asdict` would copy every value."""
    return {one.name: getattr(row, one.name) for one in fields(row)}


def lock(
    session: Session, actor: Actor, *, addresses: Collection[str], names: Collection[str]
) -> None:
    """Wait until nobody else creates a contact of these addresses or an account of these names."""
    for purpose, words in ((ADDRESSES, addresses), (NAMES, names)):
        values = {"workspace_id": str(actor.workspace_id), "purpose": purpose}
        session.execute(LOCKS, {**values, "words": list(words)})


def new_ids(session: Session, table: type[Account | Contact], number: int) -> list[int]:
    """Ids for new rows, so that rows that refer to each other can be written together."""
    if not number:
        return []
    return list(session.scalars(NEW_IDS, {"table": table.__tablename__, "n": number}))


def accounts_like(
    session: Session, *, names: Collection[str], domains: Collection[str]
) -> list[AccountRow]:
    """Accounts with one of these names (in lower case) or domains, the oldest first."""
    query = (
        select(
            *(Account.id, Account.name, Account.domain, Account.csm_id, Account.ae_id),
            *(Account.plan, Account.health, Account.renews_on),
        )
        .where(or_(Account.name_key.in_(names), Account.domain.in_(domains)))
        .order_by(Account.id)
    )
    return [AccountRow(**row) for row in session.execute(query).mappings()]


def contacts_with(session: Session, keys: Collection[str]) -> Mapping[str, ContactRow]:
    """The contact behind each address, the oldest of several."""
    query = (
        select(ContactAddress.key, Contact.id, Contact.name, Contact.title, Contact.assigned_to)
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .where(ContactAddress.key.in_(keys))
        .order_by(Contact.id.desc())
    )
    return {
        key: ContactRow(id=one, name=name, title=title, assigned_to=assigned_to)
        for key, one, name, title, assigned_to in session.execute(query)
    }


def add_accounts(session: Session, actor: Actor, rows: Iterable[AccountRow], now: datetime) -> None:
    """New accounts."""
    common = {"workspace_id": actor.workspace_id, "created_at": now}
    _write(session, Account, [{**as_columns(row), **common} for row in rows])


def add_contacts(session: Session, actor: Actor, rows: Sequence[NewContact]) -> None:
    """New contacts, each with its one address."""
    people = [
        {
            "workspace_id": actor.workspace_id,
            **as_columns(row.contact),
            "created_at": row.since,
            "created_by": actor.member_id,
            "created_via": "csv",
        }
        for row in rows
    ]
    places = [
        {
            "workspace_id": actor.workspace_id,
            "contact_id": row.contact.id,
            "key": row.key,
            "address": row.address,
            "is_primary": True,
        }
        for row in rows
    ]
    _write(session, Contact, people)
    _write(session, ContactAddress, places)


def add_addresses(session: Session, actor: Actor, rows: Iterable[tuple[int, str, str]]) -> None:
    """Further addresses (contact, key, as written)."""
    common = {"workspace_id": actor.workspace_id, "is_primary": False}
    places = [
        {"contact_id": one, "key": key, "address": address, **common} for one, key, address in rows
    ]
    _write(session, ContactAddress, places)


def join_accounts(
    session: Session, actor: Actor, pairs: Iterable[tuple[int, int]], now: datetime
) -> list[tuple[int, int]]:
    """Make each (account, contact) a membership. Returns the new ones."""
    common = {"workspace_id": actor.workspace_id, "since": now}
    rows = [{"account_id": one, "contact_id": other, **common} for one, other in pairs]
    written = _write(session, AccountContact, rows, "account_id, contact_id")
    return [(row.account_id, row.contact_id) for row in written]


def unsubscribe(
    session: Session, actor: Actor, contacts: Mapping[bytes, tuple[int, str]], now: datetime
) -> list[bytes]:
    """Unsubscribe these addresses (hash, contact, key) from bulk mail, unless decided before.
    Returns the hashes of the new ones.
    """
    common = {
        "workspace_id": actor.workspace_id,
        "reason": SuppressionCause.UNSUBSCRIBED,
        "since": now,
        "set_by": actor.member_id,
    }
    rows = [
        {"address_hash": one, "contact_id": contact_id, "key": key, **common}
        for one, (contact_id, key) in contacts.items()
    ]
    written = _write(session, Suppression, rows, "address_hash")
    return [row.address_hash for row in written]


def change(
    session: Session, *, accounts: Iterable[AccountRow] = (), contacts: Iterable[ContactRow] = ()
) -> None:
    """Update existing rows."""
    for statement, rows in ((CHANGE_ACCOUNTS, accounts), (CHANGE_CONTACTS, contacts)):
        documents = [as_columns(row) for row in rows]
        if documents:
            session.execute(statement, {"rows": orjson.dumps(documents).decode()})


def _write(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]], columns: str = "1"
) -> Sequence[Row[Any]]:
    """Insert the rows that do not exist. Returns these `columns` of each."""
    if not rows:
        return ()
    ending = f"ON CONFLICT DO NOTHING RETURNING {columns}"
    return write_rows(session, table, rows, ending).all()
