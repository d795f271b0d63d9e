"""Accounts as a list and as a page.

The only place that maps account rows to summaries, a page at a time, without a query per row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.name_keys import folded_words
from backend.domain.summaries.people import AccountLine, AccountSummary, ContactLine
from backend.errors import NotFound
from backend.queries.keyset import Order, Slice, count_up_to, latest, page_of
from backend.queries.recency import narrowed
from backend.store import contacts
from backend.store.accounts import names_starting
from backend.store.contacts import Named
from backend.store.like import contains, holds_every, key_starts_with, one_of, searched
from backend.store.models import Account, AccountContact
from backend.store.team import member_of, members_by_id

NAMES_SUGGESTED = 8
SHORTEST = 2
"""Minimum characters before names are suggested: one would list the whole alphabet."""

LAST_INTERACTION = latest(Account.last_interaction_at)
LAST_REPLY = latest(Account.last_reply_at)
ORDERS: Mapping[str, Order] = {
    "interaction": Order(LAST_INTERACTION, Account.id.expression, descending=True),
    "reply": Order(LAST_REPLY, Account.id.expression, descending=True),
    "name": Order(Account.name_key.expression, Account.id.expression, descending=False),
}
DEFAULT_ORDER = "interaction"
MAX_PLANS = 30
SEARCHED = 20_000
"""Accounts last heard from that are searched anywhere in name and domain. The starts of both are
searched among all.
"""
# Each step finds the next plan along the index, however many accounts have the previous one.
PLANS = text("""
WITH RECURSIVE found AS (
  (SELECT plan FROM accounts WHERE plan IS NOT NULL ORDER BY workspace_id, plan LIMIT 1)
  UNION ALL
  SELECT (SELECT a.plan FROM accounts a WHERE a.plan > found.plan
           ORDER BY a.workspace_id, a.plan LIMIT 1)
    FROM found WHERE found.plan IS NOT NULL
)
SELECT plan FROM found WHERE plan IS NOT NULL LIMIT :most
""")


def accounts(deps: Deps, actor: Actor, query: ListQuery) -> Page[AccountSummary]:
    """A page of accounts. Filters: `plan`, `mine`, `archived`, `heard` and `replied` (see
    domain.recency);
    sorts: interaction, reply, name.
    """
    mine = actor.member_id if query.filters.get("mine") else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = accounts_page(session, query, mine=mine, now=deps.now())
        lines = account_summaries(session, [row[0] for row in found.rows])
    return found.showing(lines, total)


def account(deps: Deps, actor: Actor, account_id: AccountId) -> AccountSummary:
    """One account. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = session.get(Account, account_id)
        if row is None:
            raise NotFound("There is no such account. It may have been merged or deleted.")
        return account_summaries(session, [row])[0]


def named(deps: Deps, actor: Actor, asked: str | None) -> AccountLine | None:
    """The account a list is filtered by, if it exists."""
    account_id = whole_id(asked)
    if account_id is None:
        return None
    with deps.store.begin(actor.workspace_id) as session:
        row = session.get(Account, account_id)
        return account_line(row) if row else None


def plans(deps: Deps, actor: Actor) -> Sequence[str]:
    """The plans of accounts, for the filter."""
    with deps.store.begin(actor.workspace_id) as session:
        return [plan for plan in session.scalars(PLANS, {"most": MAX_PLANS}) if plan]


def account_names(deps: Deps, actor: Actor, start: str) -> list[str]:
    """Names of accounts that begin as typed."""
    if len(start) < SHORTEST:
        return []
    with deps.store.begin(actor.workspace_id) as session:
        return names_starting(session, start, limit=NAMES_SUGGESTED)


def account_summaries(session: Session, rows: Sequence[Account]) -> list[AccountSummary]:
    """Accounts with their team members and their number of contacts."""
    counts = _contact_counts(session, [row.id for row in rows])
    ours = [member for row in rows for member in (row.csm_id, row.ae_id) if member is not None]
    members = members_by_id(session, ours)
    owners = contacts.named(session, [row.owner_id for row in rows if row.owner_id is not None])
    return [
        AccountSummary(
            id=row.id,
            name=row.name,
            domain=row.domain,
            csm=member_of(members, row.csm_id),
            ae=member_of(members, row.ae_id),
            plan=row.plan,
            health=row.health,
            renews_on=row.renews_on,
            contact_count=counts.get(row.id, 0),
            last_interaction_at=row.last_interaction_at,
            last_reply_at=row.last_reply_at,
            owner=_owner(owners, row.owner_id),
            health_reason=row.health_reason,
            archived_at=row.archived_at,
        )
        for row in rows
    ]


def _owner(named: Mapping[int, Named], owner_id: ContactId | None) -> ContactLine | None:
    if owner_id is None or owner_id not in named:
        return None
    return ContactLine(id=owner_id, name=named[owner_id].name)


def account_line(row: Account) -> AccountLine:
    """An account by name."""
    return AccountLine(id=row.id, name=row.name)


def accounts_page(
    session: Session, asked: ListQuery, *, mine: MemberId | None, now: datetime
) -> tuple[Slice[Account], int | None]:
    """One page of accounts and about how many there are. Rows hold the account as `Account`.

    `mine` keeps those whose CSM or AE is this member.
    """
    gone = Account.archived_at.is_not(None)
    query = select(Account).where(gone if asked.filters.get("archived") else ~gone)
    if asked.words:
        query = query.where(_found(asked.words))
    if asked.filters.get("plan"):
        query = query.where(Account.plan == asked.filters["plan"])
    if mine is not None:
        query = query.where((Account.csm_id == mine) | (Account.ae_id == mine))
    query = narrowed(query, LAST_INTERACTION, asked.filters.get("heard"), now)
    query = narrowed(query, LAST_REPLY, asked.filters.get("replied"), now)
    order = ORDERS.get(asked.sort, ORDERS[DEFAULT_ORDER])
    return page_of(session, query, order, asked), count_up_to(session, query)


def _contact_counts(session: Session, account_ids: Sequence[AccountId]) -> Mapping[int, int]:
    """How many contacts each of a few accounts has."""
    query = (
        select(AccountContact.account_id, func.count())
        .where(AccountContact.account_id.in_(account_ids))
        .group_by(AccountContact.account_id)
    )
    return dict(session.execute(query).all())


def _found(words: str) -> ColumnElement[bool]:
    """Every word in the name, in any order, or a part of the domain."""
    parts = folded_words(words)
    recent = (
        select(Account.id, Account.first_key, Account.domain)
        .order_by(LAST_INTERACTION.desc(), Account.id.desc())
        .limit(SEARCHED)
        .subquery()
    )
    named = select(recent.c.id).where(
        holds_every(recent.c.first_key, parts) | contains(recent.c.domain, words)
    )
    begun = searched(
        Account.first_key, Account.id, parts, along=(Account.first_key,), most=SEARCHED
    )
    at = select(Account.id).where(key_starts_with(Account.domain, words)).limit(SEARCHED)
    return one_of(Account.id, named, at, *begun)
