"""Customer lists as pages: the reader's own, and everybody's for an admin."""

from typing import Any

from sqlalchemy import Row, Select, select
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
from backend.store.models import CustomerList, TeamMember

UPLOADER, UNDOER = aliased(TeamMember), aliased(TeamMember)


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


def _visible(actor: Actor) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            CustomerList,
            UPLOADER.name.label("uploader"),
            UNDOER.name.label("undoer"),
            CustomerList.data.is_not(None).label("has_file"),
        )
        .outerjoin(UPLOADER, UPLOADER.id == CustomerList.uploaded_by)
        .outerjoin(UNDOER, UNDOER.id == CustomerList.undone_by)
    )
    if allowed(actor.role, Permission.LIST_CONTROL, own=False):
        return query
    return query.where(CustomerList.uploaded_by == actor.member_id)


def _summary(found: Row[Any], actor: Actor) -> CustomerListSummary:
    row: CustomerList = found[0]
    return CustomerListSummary(
        id=row.id,
        state=row.state,
        file_name=row.file_name,
        product=row.product,
        encoding=row.encoding,
        separator=row.separator,
        columns=tuple(
            ListColumn(name=one["name"], samples=tuple(one["samples"]), says=says)
            for one, says in zip(row.columns, row.chosen, strict=True)
        ),
        rows=row.rows,
        rows_done=row.rows_done,
        counts=row.counts,
        written=row.written,
        findings=tuple(ListFinding(**one) for one in row.findings),
        kept=tuple(ListKept(**one) for one in row.kept),
        trouble=row.trouble,
        uploaded_by=found.uploader,
        uploaded_at=row.uploaded_at,
        finished_at=row.finished_at,
        undone_by=found.undoer,
        undone_at=row.undone_at,
        has_file=found.has_file,
        mine=row.uploaded_by == actor.member_id,
    )
