"""Accounts as lists: searched, filtered, sorted along an index, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, func, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, MemberId
from backend.domain.paging import ListQuery
from backend.store.keyset import AnySelect, Order, Slice, count_up_to, page_of
from backend.store.like import contains
from backend.store.models import Account, AccountContact, TeamMember
from backend.store.recency import narrowed

LAST_INTERACTION = func.coalesce(Account.last_interaction_at, text("'-infinity'"))
LAST_REPLY = func.coalesce(Account.last_reply_at, text("'-infinity'"))
NAME = func.lower(Account.name, type_=Text())
ORDERS: Mapping[str, Order] = {
    "interaction": Order(LAST_INTERACTION, Account.id.expression, descending=True),
    "reply": Order(LAST_REPLY, Account.id.expression, descending=True),
    "name": Order(NAME, Account.id.expression, descending=False),
}
DEFAULT_ORDER = "interaction"
MAX_PLANS = 30


def accounts_page(
    session: Session, asked: ListQuery, *, mine: MemberId | None, now: datetime
) -> tuple[Slice, int | None]:
    """One page of accounts and about how many there are. Rows hold the account as `Account`.

    `mine` keeps those whose CSM or AE is this member.
    """
    query: AnySelect = select(Account)
    if asked.words:
        query = query.where(
            contains(Account.name, asked.words) | contains(Account.domain, asked.words)
        )
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


def contact_counts(session: Session, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many contacts each of a few accounts has."""
    query = (
        select(AccountContact.account_id, func.count())
        .where(AccountContact.account_id.in_(account_ids))
        .group_by(AccountContact.account_id)
    )
    return dict(session.execute(query).all())


def members_by_id(session: Session, member_ids: Sequence[int]) -> Mapping[int, TeamMember]:
    """A few team members, whether active or not."""
    if not member_ids:
        return {}
    rows = session.scalars(select(TeamMember).where(TeamMember.id.in_(set(member_ids))))
    return {member.id: member for member in rows}


def plans(session: Session) -> Sequence[str]:
    """The plans that accounts have, for the filter."""
    query = select(Account.plan).where(Account.plan.is_not(None)).distinct().limit(MAX_PLANS)
    return sorted(plan for plan in session.scalars(query) if plan)
