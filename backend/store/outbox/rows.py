"""Pending rows as the sending rules see them, and the steps of their chain of proof."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId, PendingId
from backend.domain.mail.message import NamedAddress
from backend.domain.reasons import Reason
from backend.domain.sending.pending import PendingState
from backend.domain.sending.rule import RANKS, Letter, SendKind, Urgency
from backend.errors import NotFound
from backend.store.models import PendingEvent, PendingMessage

GONE = "This email is not in your workspace's pending mail."
MOST_PLANNED = 2000
"""Rows of one mailbox that are forecast: more than a week at the highest limits."""

WAITS = (
    PendingMessage.mailbox_id == bindparam("mailbox"),
    PendingMessage.state == PendingState.SCHEDULED,
)
KIND_RANKS = " ".join(f"WHEN kind = '{kind}' THEN {number}" for kind, number in RANKS.items())
RANK_SQL = f"CASE WHEN urgency = '{Urgency.NOW}' THEN 0 {KIND_RANKS} END"
"""`queue_order` as SQL, with due time and id after it."""

LOCKED = (
    select(PendingMessage)
    .where(PendingMessage.id == bindparam("id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
SCHEDULED = (
    select(
        PendingMessage.id,
        PendingMessage.due_at,
        PendingMessage.not_before,
        PendingMessage.attempts,
        PendingMessage.kind,
        PendingMessage.urgency,
        PendingMessage.forecast_at,
        PendingMessage.reason,
        PendingMessage.reason_details,
    )
    .where(*WAITS)
    .order_by(PendingMessage.not_before, PendingMessage.id)
    .limit(MOST_PLANNED)
)


class Waiting(Protocol):
    """What planning reads of a row, so that texts and bytes stay in the database."""

    @property
    def id(self) -> PendingId: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def not_before(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...
    @property
    def kind(self) -> SendKind: ...
    @property
    def urgency(self) -> Urgency: ...


def recipients(*fields: Sequence[Mapping[str, str]]) -> list[NamedAddress]:
    """The people in some fields of a row, one field after the other."""
    return [one for people in fields for one in msgspec.convert(people, list[NamedAddress])]


class ScheduledMail(NamedTuple):
    """A mail that waits, with what is shown of it."""

    id: PendingId
    due_at: datetime
    not_before: datetime
    attempts: int
    kind: SendKind
    urgency: Urgency
    forecast_at: datetime | None
    reason: Reason | None
    reason_details: dict[str, str]


def letter_of(row: Waiting | PendingMessage) -> Letter:
    """The row in the narrow form the rules need."""
    return Letter(
        id=row.id,
        due_at=row.due_at,
        not_before=row.not_before if row.not_before > row.due_at else None,
        tried=row.attempts > 0,
        kind=row.kind,
        urgency=row.urgency,
    )


def scheduled(session: Session, mailbox_id: MailboxId) -> Sequence[ScheduledMail]:
    """The scheduled messages of a mailbox, the next due first: `Waiting` with what is shown of
    each.
    """
    return [ScheduledMail(*row) for row in session.execute(SCHEDULED, {"mailbox": mailbox_id})]


def mailbox_of(session: Session, pending_id: PendingId) -> MailboxId:
    """The mailbox a row leaves from. Raises NotFound."""
    query = select(PendingMessage.mailbox_id).where(PendingMessage.id == pending_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(GONE)
    return found


def locked(session: Session, pending_id: PendingId) -> PendingMessage:
    """One row, locked until the transaction ends. Raises NotFound."""
    row = session.scalars(LOCKED, {"id": pending_id}).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return row


def note_step(
    session: Session,
    row: PendingMessage,
    *,
    now: datetime,
    reason: Reason | None = None,
    by: MemberId | None = None,
    detail: str | None = None,
) -> None:
    """Write another event in the row's present state."""
    session.add(
        PendingEvent(
            workspace_id=row.workspace_id,
            pending_id=row.id,
            happened_at=now,
            state=row.state,
            reason=reason,
            by=by,
            detail=detail,
        )
    )


def first_wait(session: Session, row: PendingMessage, reason: Reason) -> datetime | None:
    """When the row first waited for this reason since a person last changed it."""
    steps = select(PendingEvent.happened_at).where(PendingEvent.pending_id == row.id)
    by_hand = steps.where(PendingEvent.by.is_not(None)).order_by(PendingEvent.happened_at.desc())
    last = session.scalar(by_hand.limit(1))
    waits = steps.where(PendingEvent.reason == reason)
    if last is not None:
        waits = waits.where(PendingEvent.happened_at >= last)
    return session.scalar(waits.order_by(PendingEvent.happened_at).limit(1))
