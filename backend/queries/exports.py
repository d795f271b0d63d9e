"""Whole lists for a file, read in pieces, in the columns that our own import reads.

Importing an export again changes nothing. Archived accounts and contacts are left out, as in the
lists.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Row, Select, SQLColumnExpression, select
from sqlalchemy.orm import Session, aliased

from backend.deps import Deps
from backend.domain.customers.columns import Column
from backend.domain.people.actor import Actor
from backend.store import account_traits
from backend.store.models import (
    Account,
    AccountContact,
    AccountTraitValue,
    Contact,
    ContactAddress,
    Note,
    Task,
    TeamMember,
)

PIECE = 1_000
"""Rows read in one transaction."""

ACCOUNT_COLUMNS = (
    *(Column.ACCOUNT, Column.DOMAIN, Column.CSM, Column.AE, Column.PLAN, Column.HEALTH),
    Column.RENEWS_ON,
)
CONTACT_COLUMNS = (
    *(Column.NAME, Column.EMAIL, Column.TITLE, Column.ACCOUNT, Column.DOMAIN, Column.KNOWN_SINCE),
    *(Column.ASSIGNED_TO, Column.UNSUBSCRIBED),
)
TASK_COLUMNS = (
    *("Task", "Due", "Assigned to", "Account", "Contact", "Added by", "Added at (UTC)"),
    "Done at (UTC)",
)
NOTE_COLUMNS = ("Written at (UTC)", "Author", "Account", "Contact", "Note")
BETWEEN_ADDRESSES = " ::: "
CSM, AE, HOLDER = aliased(TeamMember), aliased(TeamMember), aliased(TeamMember)
AUTHOR = aliased(TeamMember)
Cells = tuple[str, ...]
R = TypeVar("R", Account, Contact, Note, Task)
Ts = TypeVarTuple("Ts")


def accounts_file(deps: Deps, actor: Actor) -> Iterator[Cells]:
    """The header, and a row for each account with its traits."""
    with deps.store.begin(actor.workspace_id) as session:
        traits = account_traits.names(session)
    yield (*ACCOUNT_COLUMNS, *traits)
    query = (
        select(Account, CSM.email.label("csm"), AE.email.label("ae"))
        .outerjoin(CSM, CSM.id == Account.csm_id)
        .outerjoin(AE, AE.id == Account.ae_id)
        .where(Account.archived_at.is_(None))
    )
    for session, rows in _pieces(deps, actor, query, Account.id):
        said = _traits(session, [row[0].id for row in rows])
        for row in rows:
            one, csm, ae = row
            renews = one.renews_on.isoformat() if one.renews_on else ""
            health = "" if one.health is None else str(one.health)
            known = (one.name, one.domain or "", csm or "", ae or "", one.plan or "")
            values = (said.get((trait_id, one.id), "") for trait_id in traits.values())
            yield (*known, health, renews, *values)


def contacts_file(deps: Deps, actor: Actor) -> Iterator[Cells]:
    """The header, and a row for each contact and each account of theirs. All addresses are in one
    cell, the primary one first.
    """
    yield tuple(CONTACT_COLUMNS)
    query = (
        select(Contact, HOLDER.email.label("holder"))
        .outerjoin(HOLDER, HOLDER.id == Contact.assigned_to)
        .where(Contact.archived_at.is_(None))
    )
    for session, rows in _pieces(deps, actor, query, Contact.id):
        ids = [row[0].id for row in rows]
        addresses, places = _addresses(session, ids), _accounts(session, ids)
        for row in rows:
            one, holder = row
            email = BETWEEN_ADDRESSES.join(addresses.get(one.id, ()))
            since = one.created_at.astimezone(UTC).date().isoformat()
            unsubscribed = "yes" if one.unsubscribed_at else ""
            for name, domain in places.get(one.id, [("", "")]):
                known = (one.name, email, one.title or "", name, domain)
                yield (*known, since, holder or "", unsubscribed)


def notes_file(deps: Deps, actor: Actor) -> Iterator[Cells]:
    """The header, and every note of the team."""
    yield NOTE_COLUMNS
    query = (
        select(
            Note,
            TeamMember.name.label("author"),
            Account.name.label("account"),
            Contact.name.label("contact"),
        )
        .outerjoin(TeamMember, TeamMember.id == Note.author_id)
        .outerjoin(Account, Account.id == Note.account_id)
        .outerjoin(Contact, Contact.id == Note.contact_id)
        .where(Note.deleted_at.is_(None))
    )
    for _, rows in _pieces(deps, actor, query, Note.id):
        for note, author, account, contact in rows:
            at = _moment(note.written_at)
            yield (at, author or "", account or "", contact or "", note.text)


def tasks_file(deps: Deps, actor: Actor) -> Iterator[Cells]:
    """The header, and every task of the team, done or not."""
    yield TASK_COLUMNS
    query = (
        select(
            Task,
            HOLDER.email.label("holder"),
            Account.name.label("account"),
            Contact.name.label("contact"),
            AUTHOR.email.label("author"),
        )
        .outerjoin(HOLDER, HOLDER.id == Task.assignee_id)
        .outerjoin(AUTHOR, AUTHOR.id == Task.created_by)
        .outerjoin(Account, Account.id == Task.account_id)
        .outerjoin(Contact, Contact.id == Task.contact_id)
        .where(Task.deleted_at.is_(None))
    )
    for _, rows in _pieces(deps, actor, query, Task.id):
        for task, holder, account, contact, author in rows:
            due = task.due_on.isoformat() if task.due_on else ""
            about = (holder or "", account or "", contact or "", author or "")
            done = _moment(task.done_at) if task.done_at else ""
            yield (task.title, due, *about, _moment(task.created_at), done)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _pieces(
    deps: Deps, actor: Actor, query: Select[R, *Ts], key: SQLColumnExpression[int]
) -> Iterator[tuple[Session, Sequence[Row[R, *Ts]]]]:
    """The rows in the order of their ids, a short transaction for each piece."""
    last = 0
    while True:
        with deps.store.begin(actor.workspace_id) as session:
            rows = session.execute(query.where(key > last).order_by(key).limit(PIECE)).all()
            if rows:
                yield session, rows
        if len(rows) < PIECE:
            return
        last = rows[-1][0].id


def _traits(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], str]:
    query = select(AccountTraitValue).where(AccountTraitValue.account_id.in_(ids))
    return {(one.trait_id, one.account_id): one.value for one in session.scalars(query)}


def _addresses(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(ContactAddress.contact_id, ContactAddress.address)
        .where(ContactAddress.contact_id.in_(ids))
        .order_by(ContactAddress.is_primary.desc(), ContactAddress.key)
    )
    found: dict[int, list[str]] = {}
    for contact_id, address in session.execute(query):
        found.setdefault(contact_id, []).append(address)
    return found


def _accounts(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    query = (
        select(AccountContact.contact_id, Account.name, Account.domain)
        .join(Account, Account.id == AccountContact.account_id)
        .where(AccountContact.contact_id.in_(ids), Account.archived_at.is_(None))
        .order_by(Account.id)
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for contact_id, name, domain in session.execute(query):
        found.setdefault(contact_id, []).append((name, domain or ""))
    return found
