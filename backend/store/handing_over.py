"""The possessions of a member who leaves: counted, given to a colleague or to nobody, and returned.

They are recorded by kind and id, so that only those are returned, and only if the colleague still
has them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.domain.ids import MailboxId, MemberId, PendingId, WorkspaceId
from backend.domain.sending.pending import WAITING, PendingState
from backend.store.models import (
    Account,
    Base,
    Contact,
    HandedOver,
    Mailbox,
    PendingEvent,
    PendingMessage,
    Task,
)

PENDING = "pending"
OPEN = [*WAITING, PendingState.FAILED]
"""States of messages that a person can still decide about."""

OPEN_TASK = and_(Task.done_at.is_(None), Task.deleted_at.is_(None))


class Belonging(NamedTuple):
    """A table, its column of the member, and which rows are handed over."""

    model: type[Account] | type[Contact] | type[Task]
    column: InstrumentedAttribute[int | None]
    which: ColumnElement[bool] = true()


BELONGINGS: Mapping[str, Belonging] = {
    "csm": Belonging(Account, Account.csm_id),
    "ae": Belonging(Account, Account.ae_id),
    "contact": Belonging(Contact, Contact.assigned_to),
    "task": Belonging(Task, Task.assignee_id, OPEN_TASK),
}


class Possessions(NamedTuple):
    """How many accounts, contacts, waiting messages and open tasks belong to a member."""

    accounts: int
    contacts: int
    pending: int
    tasks: int


def counts(session: Session, member_id: MemberId) -> Possessions:
    """What belongs to a member."""
    mine = or_(Account.csm_id == member_id, Account.ae_id == member_id)
    assigned = Contact.assigned_to == member_id
    waits = and_(PendingMessage.state.in_(OPEN), _leaves_from(member_id))
    return Possessions(
        accounts=_count(session, Account, mine),
        contacts=_count(session, Contact, assigned),
        pending=_count(session, PendingMessage, waits),
        tasks=_count(session, Task, OPEN_TASK & (Task.assignee_id == member_id)),
    )


def _count(session: Session, table: type[Base], wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(wanted)) or 0


def give(
    session: Session, workspace_id: WorkspaceId, member_id: MemberId, heir: MemberId | None
) -> None:
    """Reassign the accounts, contacts and open tasks of a member, and record which."""
    for kind, (model, column, which) in BELONGINGS.items():
        mine = update(model).where(column == member_id, which)
        moved = mine.values({column: heir}).returning(model.id).cte()
        given = select(
            literal(workspace_id),
            literal(int(member_id)),
            literal(kind),
            cast(moved.c.id, Text),
            literal(int(heir) if heir is not None else None, type_=HandedOver.heir_id.type),
        )
        session.execute(insert(HandedOver).from_select(_COLUMNS, given))


_COLUMNS = ["workspace_id", "member_id", "kind", "item", "heir_id"]


def note(
    session: Session,
    workspace_id: WorkspaceId,
    member_id: MemberId,
    pending_id: PendingId,
    heir: MemberId,
) -> None:
    """Record a message that was given to a colleague."""
    session.add(
        HandedOver(
            workspace_id=workspace_id,
            member_id=member_id,
            kind=PENDING,
            item=str(pending_id),
            heir_id=heir,
        )
    )


def give_back(session: Session, member_id: MemberId) -> Mapping[PendingId, MemberId | None]:
    """Return what the colleague still has. Returns the messages that were given, and to whom."""
    for kind, (model, column, _) in BELONGINGS.items():
        session.execute(
            update(model)
            .where(
                HandedOver.member_id == member_id,
                HandedOver.kind == kind,
                HandedOver.item == cast(model.id, Text),
                column.is_not_distinct_from(HandedOver.heir_id),
            )
            .values({column: member_id})
            .execution_options(synchronize_session=False)
        )
    given = select(HandedOver.item, HandedOver.heir_id).where(
        HandedOver.member_id == member_id, HandedOver.kind == PENDING
    )
    mails = {PendingId(UUID(item)): heir for item, heir in session.execute(given)}
    session.execute(delete(HandedOver).where(HandedOver.member_id == member_id))
    return mails


def last_step(session: Session, pending_id: UUID) -> str | None:
    """The detail of a message's last event."""
    return session.scalar(
        select(PendingEvent.detail)
        .where(PendingEvent.pending_id == pending_id)
        .order_by(PendingEvent.id.desc())
        .limit(1)
    )


def waiting_mail(session: Session, member_id: MemberId) -> Sequence[PendingMessage]:
    """The open messages that leave from a member's mailboxes, or that they wrote from a shared one,
    locked.
    """
    query = (
        select(PendingMessage)
        .where(PendingMessage.state.in_(OPEN), _leaves_from(member_id))
        .order_by(PendingMessage.id)
        .with_for_update()
    )
    return session.scalars(query).all()


def mailboxes_of(session: Session, member_id: MemberId) -> Sequence[MailboxId]:
    """The mailboxes of a member, the newest first."""
    query = select(Mailbox.id).where(Mailbox.owner_id == member_id).order_by(Mailbox.id.desc())
    return list(session.scalars(query))


def shared_in_use(session: Session, member_id: MemberId) -> Sequence[MailboxId]:
    """The shared mailboxes from which open messages of a member leave."""
    query = (
        select(PendingMessage.mailbox_id)
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .where(
            PendingMessage.state.in_(OPEN),
            PendingMessage.author_id == member_id,
            Mailbox.owner_id.is_(None),
        )
        .distinct()
    )
    return list(session.scalars(query))


def _leaves_from(member_id: MemberId) -> ColumnElement[bool]:
    boxes = select(Mailbox.id).where(Mailbox.owner_id == member_id)
    shared = select(Mailbox.id).where(Mailbox.owner_id.is_(None))
    return PendingMessage.mailbox_id.in_(boxes) | (
        (PendingMessage.author_id == member_id) & PendingMessage.mailbox_id.in_(shared)
    )
