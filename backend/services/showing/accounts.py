"""Accounts as lists and as pages."""

from collections.abc import Sequence
from datetime import timedelta

from backend.domain.actor import Actor
from backend.domain.ids import AccountId
from backend.domain.paging import ListQuery, Page
from backend.domain.summaries.people import AccountSummary, ContactSummary
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.services.showing.rows import account_summaries, contact_summaries
from backend.store import account_lists, contact_lists
from backend.store.keyset import Slice

QUIET = timedelta(days=30)
PEOPLE_SHOWN = 10


def accounts(deps: Deps, actor: Actor, query: ListQuery) -> Page[AccountSummary]:
    """A page of accounts. Filters: `plan`, `mine`, `quiet`; sorts: interaction, reply, name."""
    mine = actor.member_id if query.filters.get("mine") else None
    quiet_since = deps.now() - QUIET if query.filters.get("quiet") else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = account_lists.accounts_page(
            session, query, mine=mine, quiet_since=quiet_since
        )
        lines = account_summaries(session, [row[0] for row in found.rows])
    return _page(found, lines, total)


def account(deps: Deps, actor: Actor, account_id: AccountId) -> AccountSummary:
    """One account. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = account_lists.account(session, account_id)
        if row is None:
            raise NotFound("There is no such account. It may have been merged or deleted.")
        return account_summaries(session, [row])[0]


def people(deps: Deps, actor: Actor, account_id: AccountId) -> Page[ContactSummary]:
    """The contacts of an account who were heard from last, and how many there are."""
    with deps.store.begin(actor.workspace_id) as session:
        found, total = contact_lists.contacts_page(
            session, ListQuery(limit=PEOPLE_SHOWN), account_id=account_id
        )
        rows = [row[0] for row in found.rows]
        lines = tuple(contact_summaries(deps, actor, session, rows))
    return Page(lines, found.next_cursor, found.previous_cursor, total)


def quiet_accounts(deps: Deps, actor: Actor, *, limit: int) -> tuple[AccountSummary, ...]:
    """Accounts of this member without an interaction for a month, the longest silence last."""
    query = ListQuery(filters={"mine": "1", "quiet": "1"}, limit=limit)
    return accounts(deps, actor, query).items


def plans(deps: Deps, actor: Actor) -> Sequence[str]:
    """The plans accounts have, for the filter."""
    with deps.store.begin(actor.workspace_id) as session:
        return account_lists.plans(session)


def _page(found: Slice, lines: list[AccountSummary], total: int | None) -> Page[AccountSummary]:
    return Page(tuple(lines), found.next_cursor, found.previous_cursor, total)
