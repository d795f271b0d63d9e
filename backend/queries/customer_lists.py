"""Customer lists as pages: the reader's own, and everybody's for an admin."""

from typing import TypeAlias

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from backend.deps import Deps
from backend.domain.ids import CustomerListId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.summaries.customer_lists import (
    CustomerListSummary,
    ListColumn,
    ListFinding,
    ListKept,
)
from backend.errors import NotFound
from backend.queries.keyset import Order, page_of
from backend.store import account_traits
from backend.store.customer_lists import columns_of
from backend.store.models import CustomerList, TeamMember

UPLOADER, UNDOER = aliased(TeamMember), aliased(TeamMember)
Shown: TypeAlias = tuple[CustomerList, str, str, bool]
"""A list, who uploaded it, who undid it, and whether its file is kept."""


def customer_lists(deps: Deps, actor: Actor, query: ListQuery) -> Page[CustomerListSummary]:
    """A page of the lists that the reader may see, the newest first."""
    newest = Order(CustomerList.id.expression, CustomerList.id.expression, descending=True)
    with deps.store.begin(actor.workspace_id) as session:
        found = page_of(session, _visible(actor), newest, query)
    return found.page(lambda row: _summary(row, actor))


def customer_list(deps: Deps, actor: Actor, list_id: CustomerListId) -> CustomerListSummary:
    """One list. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row = session.execute(_visible(actor).where(CustomerList.id == list_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such list. It may have been discarded.")
    return _summary(row, actor)


def trait_names(deps: Deps, actor: Actor) -> tuple[str, ...]:
    """The workspace's account traits, which a column may fill."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(account_traits.names(session))


def _visible(actor: Actor) -> Select[*Shown]:
    query = (
        select(
            CustomerList,
            UPLOADER.name,
            UNDOER.name,
            CustomerList.data.is_not(None),
        )
        .outerjoin(UPLOADER, UPLOADER.id == CustomerList.uploaded_by)
        .outerjoin(UNDOER, UNDOER.id == CustomerList.undone_by)
    )
    if allowed(actor.role, Permission.LIST_CONTROL, own=False):
        return query
    return query.where(CustomerList.uploaded_by == actor.member_id)


def _summary(found: Shown, actor: Actor) -> CustomerListSummary:
    row, uploader, undoer, has_file = found
    return CustomerListSummary(
        id=row.id,
        state=row.state,
        file_name=row.file_name,
        product=row.product,
        encoding=row.encoding,
        separator=row.separator,
        columns=tuple(
            ListColumn(name=one.name, samples=one.samples, says=says)
            for one, says in zip(columns_of(row), row.chosen, strict=True)
        ),
        rows=row.rows,
        rows_done=row.rows_done,
        counts=row.counts,
        written=row.written,
        findings=tuple(msgspec.convert(row.findings, list[ListFinding])),
        kept=tuple(msgspec.convert(row.kept, list[ListKept])),
        trouble=row.trouble,
        uploaded_by=uploader,
        uploaded_at=row.uploaded_at,
        finished_at=row.finished_at,
        undone_by=undoer,
        undone_at=row.undone_at,
        has_file=has_file,
        mine=row.uploaded_by == actor.member_id,
    )
