"""Customer lists as rows: stored, held by one worker at a time, moved from state to state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import orjson
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session, undefer

from backend.domain.customers.lists import AT_WORK, KEPT_DAYS, MOVES, ListState
from backend.domain.ids import CustomerListId, WorkspaceId
from backend.domain.sync.leases import LEASE
from backend.store.asking import as_json
from backend.store.list_journal import Journal
from backend.store.models import CustomerList, CustomerListBatch


def by_id(session: Session, list_id: CustomerListId) -> CustomerList | None:
    """A list without its file."""
    return session.get(CustomerList, list_id)


@dataclass(frozen=True, kw_only=True)
class FileColumn:
    """A column of the file, with its first cells."""

    name: str
    samples: tuple[str, ...]


def columns_of(row: CustomerList) -> list[FileColumn]:
    """The columns of a list's file."""
    return msgspec.convert(row.columns, list[FileColumn])


def file_of(session: Session, list_id: CustomerListId) -> bytes | None:
    """The bytes of its file, while they are kept."""
    return session.scalar(select(CustomerList.data).where(CustomerList.id == list_id))


def move(
    session: Session, list_id: CustomerListId, to: ListState, **values: object
) -> CustomerList | None:
    """Move a list to a state, if its present state permits. None otherwise: somebody was faster."""
    sources = [one for one, other in MOVES if other is to]
    statement = (
        update(CustomerList)
        .where(CustomerList.id == list_id, CustomerList.state.in_(sources))
        .values(state=to, tries=0, trouble=None, **values)
        .returning(CustomerList)
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def change(session: Session, list_id: CustomerListId, **values: object) -> None:
    """Update columns of a list."""
    session.execute(update(CustomerList).where(CustomerList.id == list_id).values(**values))


def remove(session: Session, list_id: CustomerListId) -> bool:
    """Delete a list of which nothing was written. False when it is being written, or was."""
    unwritten = (ListState.UPLOADED, ListState.CHECKED)
    statement = delete(CustomerList).where(
        CustomerList.id == list_id, CustomerList.state.in_(unwritten)
    )
    return session.scalar(statement.returning(CustomerList.id)) is not None


def hold(
    session: Session, list_id: CustomerListId, owner: str, now: datetime, *, retry: bool = False
) -> CustomerList | None:
    """Take or renew a worker's lease of a list. None when there is nothing to do, or another worker
    has it. `retry` counts as an attempt.
    """
    free = or_(
        CustomerList.lease_owner == owner,
        CustomerList.lease_until.is_(None),
        CustomerList.lease_until < now,
    )
    statement = (
        update(CustomerList)
        .where(CustomerList.id == list_id, CustomerList.state.in_(AT_WORK), free)
        .values(
            lease_owner=owner,
            lease_until=now + LEASE,
            tries=CustomerList.tries + (1 if retry else 0),
        )
        .returning(CustomerList)
        .options(undefer(CustomerList.data))
        .execution_options(populate_existing=True)
    )
    return session.scalar(statement)


def still(session: Session, list_id: CustomerListId, state: ListState) -> CustomerList | None:
    """The list, locked until the transaction ends, if it is in this state."""
    query = (
        select(CustomerList)
        .where(CustomerList.id == list_id, CustomerList.state == state)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def let_go(session: Session, list_id: CustomerListId, owner: str) -> None:
    """Release the lease."""
    session.execute(
        update(CustomerList)
        .where(CustomerList.id == list_id, CustomerList.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def add_batch(
    session: Session, row: CustomerList, *, through_line: int, rows: int, journal: Journal
) -> None:
    """Store the journal of a batch."""
    session.add(
        CustomerListBatch(
            workspace_id=row.workspace_id,
            list_id=row.id,
            through_line=through_line,
            rows=rows,
            journal=orjson.loads(as_json(vars(journal))),
        )
    )


def last_batch(session: Session, list_id: CustomerListId) -> CustomerListBatch | None:
    """The next batch to undo."""
    query = (
        select(CustomerListBatch)
        .where(CustomerListBatch.list_id == list_id)
        .order_by(CustomerListBatch.through_line.desc())
    )
    return session.scalars(query.limit(1)).first()


def drop_batch(session: Session, batch: CustomerListBatch) -> None:
    """Delete the journal of a batch that was undone."""
    session.delete(batch)


def forget(session: Session, list_id: CustomerListId) -> None:
    """Delete the file and the journals; what the list wrote stays, and so does its page."""
    session.execute(delete(CustomerListBatch).where(CustomerListBatch.list_id == list_id))
    change(session, list_id, data=None, findings=[])


def with_work(session: Session, now: datetime) -> list[tuple[WorkspaceId, CustomerListId]]:
    """Lists that need a worker and have none, and those whose file has expired, over all
    workspaces.
    """
    waiting = and_(
        CustomerList.state.in_(AT_WORK),
        or_(CustomerList.lease_until.is_(None), CustomerList.lease_until < now),
    )
    query = select(CustomerList.workspace_id, CustomerList.id).where(or_(waiting, over(now)))
    return [(workspace_id, list_id) for workspace_id, list_id in session.execute(query)]


def over(now: datetime) -> ColumnElement[bool]:
    """Whether a list's file has expired."""
    return and_(
        CustomerList.data.is_not(None),
        CustomerList.state.not_in(AT_WORK),
        CustomerList.uploaded_at < now - timedelta(days=KEPT_DAYS),
    )


def expired(session: Session, list_id: CustomerListId, now: datetime) -> bool:
    """Whether its file has expired."""
    query = select(CustomerList.id).where(CustomerList.id == list_id, over(now))
    return session.scalar(query) is not None
