"""Accounts as lists: searched, filtered, sorted along an index, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, MemberId
from backend.domain.paging import ListQuery
from backend.domain.people.name_keys import folded_words
from backend.store.keyset import AnySelect, Order, Slice, count_up_to, latest, page_of
from backend.store.like import contains, holds_every, key_starts_with, one_of, searched
from backend.store.models import Account, AccountContact, TeamMember
from backend.store.recency import narrowed

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
searched among all."""

# Each step finds the next plan along the index, however many accounts have the one before.
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


def accounts_page(
    session: Session, asked: ListQuery, *, mine: MemberId | None, now: datetime
) -> tuple[Slice, int | None]:
    """One page of accounts and about how many there are. Rows hold the account as `Account`.

    `mine` keeps those whose CSM or AE is this member.
    """
    query: AnySelect = select(Account)
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


def account(session: Session, account_id: AccountId) -> Account | None:
    """One account of the session's workspace."""
    return session.get(Account, account_id)


def contact_counts(session: Session, account_ids: Sequence[AccountId]) -> Mapping[int, int]:
    """How many contacts each of a few accounts has."""
    query = (
        select(AccountContact.account_id, func.count())
        .where(AccountContact.account_id.in_(account_ids))
        .group_by(AccountContact.account_id)
    )
    return dict(session.execute(query).all())


def members_by_id(session: Session, member_ids: Sequence[MemberId]) -> Mapping[int, TeamMember]:
    """A few team members, whether active or not."""
    if not member_ids:
        return {}
    rows = session.scalars(select(TeamMember).where(TeamMember.id.in_(set(member_ids))))
    return {member.id: member for member in rows}


def plans(session: Session) -> Sequence[str]:
    """The plans that accounts have, for the filter."""
    return [plan for plan in session.scalars(PLANS, {"most": MAX_PLANS}) if plan]


def _found(words: str) -> ColumnElement[bool]:
    """Every word in the name, in whatever order, or a part of the domain."""
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
