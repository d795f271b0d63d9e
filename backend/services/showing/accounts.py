"""Accounts as lists and as pages."""

from collections.abc import Sequence

from backend.domain.ids import AccountId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.summaries.people import AccountLine, AccountSummary, ContactSummary
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.services.showing.rows import account_line, account_summaries, contact_summaries
from backend.store import account_lists, contact_lists
from backend.store.keyset import Slice

PEOPLE_SHOWN = 10


def accounts(deps: Deps, actor: Actor, query: ListQuery) -> Page[AccountSummary]:
    """A page of accounts. Filters: `plan`, `mine`, `heard` and `replied` (see domain.recency);
    sorts: interaction, reply, name.
    """
    mine = actor.member_id if query.filters.get("mine") else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = account_lists.accounts_page(session, query, mine=mine, now=deps.now())
        lines = account_summaries(session, [row[0] for row in found.rows])
    return _page(found, lines, total)


def account(deps: Deps, actor: Actor, account_id: AccountId) -> AccountSummary:
    """One account. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = account_lists.account(session, account_id)
        if row is None:
            raise NotFound("There is no such account. It may have been merged or deleted.")
        return account_summaries(session, [row])[0]


def named(deps: Deps, actor: Actor, asked: str | None) -> AccountLine | None:
    """The account a list is narrowed to, if there is such a one."""
    account_id = whole_id(asked)
    if account_id is None:
        return None
    with deps.store.begin(actor.workspace_id) as session:
        row = account_lists.account(session, AccountId(account_id))
        return account_line(row) if row else None


def people(deps: Deps, actor: Actor, account_id: AccountId) -> Page[ContactSummary]:
    """The contacts of an account who were heard from last, and how many there are."""
    with deps.store.begin(actor.workspace_id) as session:
        found, total = contact_lists.contacts_page(
            session, ListQuery(limit=PEOPLE_SHOWN), account_id=account_id, now=deps.now()
        )
        rows = [row[0] for row in found.rows]
        lines = tuple(contact_summaries(deps, actor, session, rows))
    return Page(lines, found.next_cursor, found.previous_cursor, total)


def plans(deps: Deps, actor: Actor) -> Sequence[str]:
    """The plans accounts have, for the filter."""
    with deps.store.begin(actor.workspace_id) as session:
        return account_lists.plans(session)


def _page(found: Slice, lines: list[AccountSummary], total: int | None) -> Page[AccountSummary]:
    return Page(tuple(lines), found.next_cursor, found.previous_cursor, total)
