"""Contacts as lists and as pages."""

from collections.abc import Sequence

from backend.domain.ids import AccountId, ContactId
from backend.domain.paging import ListQuery, Page, whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.entered_people import written_person
from backend.domain.summaries.people import ContactSummary
from backend.errors import NotFound
from backend.services.deps import Deps
from backend.services.showing.rows import contact_summaries
from backend.store import contact_lists

MOST_AT_ONCE = 1000
"""People of one list that are put into a form; too many for one sending are told there."""


def contacts(deps: Deps, actor: Actor, query: ListQuery) -> Page[ContactSummary]:
    """A page of contacts. Filters: `account` (an id), `subscription`, `assigned` (a member's id or
    "nobody"), `heard`, `replied`; sorts as for accounts, and unsubscribed.
    """
    account = whole_id(query.filters.get("account"))
    account_id = AccountId(account) if account else None
    with deps.store.begin(actor.workspace_id) as session:
        found, total = contact_lists.contacts_page(
            session, query, account_id=account_id, now=deps.now()
        )
        lines = contact_summaries(deps, actor, session, [row[0] for row in found.rows])
    return Page(tuple(lines), found.next_cursor, found.previous_cursor, total)


def suggested(deps: Deps, actor: Actor, words: str, *, limit: int) -> Sequence[ContactSummary]:
    """A few contacts whose name or address begins so, those last heard from first."""
    asked = " ".join(words.split())
    if not asked:
        return ()
    with deps.store.begin(actor.workspace_id) as session:
        rows = contact_lists.starting_with(session, asked, limit=limit)
        return contact_summaries(deps, actor, session, rows)


def audience(
    deps: Deps, actor: Actor, *, contacts: Sequence[int], accounts: Sequence[int]
) -> Sequence[str]:
    """The contacts ticked in a list, and all those of the accounts ticked in one, as they stand in
    a field of people (VC-4, VC-5, VC-17).
    """
    with deps.store.begin(actor.workspace_id) as session:
        found = contact_lists.reached(session, contacts, accounts, limit=MOST_AT_ONCE)
        return [written_person(name, address) for name, address in found]


def contact(deps: Deps, actor: Actor, contact_id: ContactId) -> ContactSummary:
    """One contact. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = contact_lists.contact(session, contact_id)
        if row is None:
            raise NotFound("There is no such contact. They may have been merged or erased.")
        return contact_summaries(deps, actor, session, [row])[0]
