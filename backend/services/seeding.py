"""Fills an empty installation with an example company: workspace, team, customers.

The simulator describes the company; running it again adds what is missing and changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import AccountId, MemberId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.people.roles import Role
from backend.store import capture_addresses, choices, workspaces
from backend.store.capture_addresses import Owner
from backend.store.models import (
    Account,
    AccountContact,
    Contact,
    ContactAddress,
    TeamMember,
)

PLANS = ("Enterprise", "Growth", "Starter")
RENEWALS_FROM = timedelta(days=20)
RENEWALS_APART = timedelta(days=27)
WORKED_BEFORE = timedelta(days=400)
"""The customers were known before their mail of the last months was sent (S-44)."""

MOST_NAMES = 500


@dataclass(frozen=True, kw_only=True)
class ExampleWorkspace:
    """The workspace of the example, and its own domain."""

    name: str
    domain: str


@dataclass(frozen=True, kw_only=True)
class ExampleMember:
    """A member of its team. `time_zone` is an IANA name."""

    name: str
    email: str
    role: Role
    title: str = ""
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class ExampleAccount:
    """A customer, and the address of the member who owns it."""

    name: str
    domain: str | None = None
    owner_email: str = ""


@dataclass(frozen=True, kw_only=True)
class ExampleContact:
    """A person at customers, with their addresses, the primary one first, and accounts by name."""

    name: str
    emails: tuple[str, ...]
    title: str | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExampleCompany:
    """What `/simulator/company` answers."""

    workspace: ExampleWorkspace
    people: tuple[ExampleMember, ...]
    accounts: tuple[ExampleAccount, ...]
    contacts: tuple[ExampleContact, ...]


def company_of(told: object) -> ExampleCompany:
    """The example from its JSON. Raises ValueError for another shape."""
    return msgspec.convert(told, ExampleCompany)


def seed(deps: Deps, told: object) -> WorkspaceId:
    """Create the company unless it is there. `told` is the JSON of `/simulator/company`."""
    company = company_of(told)
    workspace_id = find_workspace(deps, company) or new_workspace(deps, company)
    with deps.store.begin(workspace_id) as session:
        members = add_team(session, deps, workspace_id, company.people)
        accounts = add_accounts(session, deps, workspace_id, company.accounts, members)
        add_contacts(session, deps, workspace_id, company.contacts, accounts)
    return workspace_id


def find_workspace(deps: Deps, company: ExampleCompany) -> WorkspaceId | None:
    """The workspace of the company's first person, if it exists."""
    key = address_key(company.people[0].email)
    with deps.store.begin_global() as session:
        return session.scalar(
            select(TeamMember.workspace_id).where(TeamMember.email_key == key).limit(1)
        )


def new_workspace(deps: Deps, company: ExampleCompany) -> WorkspaceId:
    """A workspace with its own domain, Gmail switched on."""
    told, now = company.workspace, deps.now()
    with deps.store.begin_global() as session:
        workspaces.one_at_a_time(session)
        workspace_id = workspaces.create(session, told.name, now=now, gmail_enabled_at=now)
        choices.add_domain(session, workspace_id, told.domain)
    return workspace_id


def add_team(
    session: Session, deps: Deps, workspace_id: WorkspaceId, people: Sequence[ExampleMember]
) -> dict[str, MemberId]:
    """The members, with a signature and hours to send in. Returns ids by address key."""
    for person in people:
        row = {
            "workspace_id": workspace_id,
            "email": person.email,
            "email_key": address_key(person.email),
            "name": person.name,
            "role": person.role,
            "title": person.title,
            "time_zone": person.time_zone,
            "signature_html": signature(person),
            "created_at": deps.now(),
        }
        session.execute(insert(TeamMember).values(row).on_conflict_do_nothing())
    ids = dict(session.execute(select(TeamMember.email_key, TeamMember.id)).all())
    for owner in (Owner(), *(Owner(member_id=one) for one in ids.values())):
        capture_addresses.draw(
            session, workspace_id, owner, random_bytes=deps.random_bytes, now=deps.now()
        )
    return {str(key): member_id for key, member_id in ids.items()}


def signature(person: ExampleMember) -> str:
    """Name and title, as a person would sign."""
    return f"<p>{person.name}<br>{person.title}</p>"


def add_accounts(
    session: Session,
    deps: Deps,
    workspace_id: WorkspaceId,
    accounts: Sequence[ExampleAccount],
    members: Mapping[str, MemberId],
) -> dict[str, AccountId]:
    """The customers, each with an owner. Returns ids by name."""
    known = dict(session.execute(select(Account.name, Account.id).limit(MOST_NAMES)).all())
    fresh = [
        Account(
            workspace_id=workspace_id,
            name=told.name,
            domain=told.domain,
            csm_id=members.get(address_key(told.owner_email)),
            plan=PLANS[number % len(PLANS)],
            health=55 + (number * 17) % 43,
            renews_on=(deps.now() + RENEWALS_FROM + number * RENEWALS_APART).date(),
            created_at=deps.now() - WORKED_BEFORE,
        )
        for number, told in enumerate(accounts)
        if told.name not in known
    ]
    session.add_all(fresh)
    session.flush()
    return known | {account.name: account.id for account in fresh}


def add_contacts(
    session: Session,
    deps: Deps,
    workspace_id: WorkspaceId,
    contacts: Sequence[ExampleContact],
    accounts: Mapping[str, AccountId],
) -> None:
    """The people at the customers, with their addresses and accounts."""
    keys = {address_key(one.emails[0]) for one in contacts}
    known = set(session.scalars(select(ContactAddress.key).where(ContactAddress.key.in_(keys))))
    fresh = [told for told in contacts if address_key(told.emails[0]) not in known]
    rows = [
        Contact(
            workspace_id=workspace_id,
            name=told.name,
            title=told.title,
            created_at=deps.now() - WORKED_BEFORE,
            created_via="seed",
        )
        for told in fresh
    ]
    session.add_all(rows)
    session.flush()
    for told, contact in zip(fresh, rows, strict=True):
        session.add_all(
            ContactAddress(
                workspace_id=workspace_id,
                contact_id=contact.id,
                key=address_key(email),
                address=email,
                is_primary=position == 0,
            )
            for position, email in enumerate(told.emails)
        )
        session.add_all(
            AccountContact(
                workspace_id=workspace_id, account_id=accounts[name], contact_id=contact.id
            )
            for name in told.accounts
            if name in accounts
        )
