"""Maps pending rows to lines: when each leaves, and the reason that binds it.

The list, the detail, a conversation and an account show the same lines. Times inside sentences are
written in the reader's zone, which is why the stored details hold none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, PendingId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.reasons import Reason, sentence
from backend.domain.sending.outlook import UNPLANNED, Shown, foresee
from backend.domain.sending.pending import DONE, STATE_SENTENCES, WAITING, PendingState
from backend.domain.sending.suppression import AT_THE_FIELD
from backend.domain.summaries.pending import HELD_THEN, PendingLine
from backend.store import failures, pending_files
from backend.store.failures import Failed
from backend.store.models import Account, AccountContact, PendingMessage, PendingRecipient
from backend.store.outbox.rows import scheduled
from backend.store.outbox.waiting import waiting_mail
from backend.store.pending_access import PendingRow, is_private, with_sender

BESIDE = 10
"""Pending messages shown beside a conversation."""

HELD = "Held because "
LATE_AFTER = timedelta(minutes=1)
LATE = (
    "It should have left by now and leaves by itself: the part of Rapport that sends is busy or "
    "does not answer, which an admin sees under Health."
)
LOST = "It waits behind so much mail that no moment can be named yet."
EDITABLE = WAITING | {PendingState.FAILED}
CLOSED = tuple(state for state in DONE)


class _Beside(NamedTuple):
    """What is shown with the messages of a page, by their ids, and the present time."""

    accounts: Mapping[object, str]
    files: Mapping[PendingId, int]
    failed: Mapping[PendingId, Sequence[Failed]]
    now: datetime


def pending_lines(
    actor: Actor, session: Session, rows: Sequence[PendingRow], *, now: datetime
) -> tuple[PendingLine, ...]:
    """The lines of a page, with one more query for their accounts and one for files."""
    ids = [row.message.id for row in rows]
    beside = _Beside(
        _account_names(session, ids),
        pending_files.counts(session, ids),
        failures.of_pending(session, ids),
        now,
    )
    fates = _fates(session, [row.message for row in rows], now)
    return tuple(_line(actor, row, fates[row.message.id], beside) for row in rows)


def of_conversation(
    actor: Actor, session: Session, conversation_id: ConversationId, *, now: datetime
) -> tuple[PendingLine, ...]:
    """What waits to leave in a conversation, the next first."""
    rows = open_in_conversation(session, conversation_id, limit=BESIDE)
    return pending_lines(actor, session, rows, now=now)


def why(actor: Actor, row: PendingMessage, fate: Shown, failed: Sequence[Failed] = ()) -> str:
    """The binding reason as a sentence; without one, the meaning of its state. For a sent message
    also whom it did not reach.
    """
    state = row.state
    if fate.reason is None:
        return unbound(state, fate, failed)
    if fate.reason == Reason.NOT_DUE and row.due_at == row.undo_until:
        return "Until then it can be taken back."
    if fate.reason == Reason.NOT_DUE:
        return "On the date chosen for it."
    if is_stopped(state, fate):
        told = AT_THE_FIELD[Reason(fate.reason)].format(since="", **fate.reason_details)
        return f"It won't leave as it is. {told}"
    until = fate.forecast_at or max(row.due_at, row.not_before)
    details = {"until": spoken(actor, until), **fate.reason_details}
    said = sentence(Reason(fate.reason), **details)
    return before_its_time(said) if state is PendingState.SCHEDULED else said


def before_its_time(said: str) -> str:
    """The future form of a reason that holds a message once it is due: nothing has to be released
    yet.

    >>> before_its_time("Held because it rains. Wait, then release the message.")
    'It will be held then, because it rains. Wait.'
    """
    if not said.startswith(HELD):
        return said
    rest, releases, _ = said.removeprefix(HELD).partition(", then release")
    return f"{HELD_THEN}, because {rest}{'.' if releases else ''}"


def unbound(state: PendingState, fate: Shown, failed: Sequence[Failed]) -> str:
    """The sentence of a message that no reason binds."""
    if state is not PendingState.SCHEDULED:
        return " ".join([STATE_SENTENCES[state], *(f"{one.sentence}." for one in failed)])
    if fate.forecast_at is None:
        return LOST
    return "Inside the sending window and under the limits."


def is_late(message: PendingMessage, fate: Shown, now: datetime) -> bool:
    """Whether its moment has passed without anything being decided about it: whatever it said to
    wait for is over.
    """
    expected = fate.forecast_at
    waits = message.state is PendingState.SCHEDULED and not is_stopped(message.state, fate)
    return waits and expected is not None and expected < now - LATE_AFTER


def is_stopped(state: PendingState, fate: Shown) -> bool:
    """Whether it waits in vain, because a recipient is suppressed."""
    return state is PendingState.SCHEDULED and fate.reason in AT_THE_FIELD


def spoken(actor: Actor, at: datetime) -> str:
    """A time inside a sentence: "Tue 24 Nov, 09:00"."""
    there = at.astimezone(ZoneInfo(actor.time_zone))
    return f"{there:%a} {there.day} {there:%b, %H:%M}"


def listed(people: Sequence[Mapping[str, str]]) -> str:
    """Recipients by name, or by address where there is none."""
    return ", ".join(one.get("name") or one.get("address", "") for one in people)


def _fates(
    session: Session, rows: Sequence[PendingMessage], now: datetime
) -> Mapping[PendingId, Shown]:
    """The stored forecasts; those too far ahead to be stored are computed here."""
    kept = {row.id: Shown(row.forecast_at, row.reason, row.reason_details) for row in rows}
    far = {
        row.mailbox_id
        for row in rows
        if row.state == PendingState.SCHEDULED and kept[row.id][:2] == UNPLANNED[:2]
    }
    waiting = (
        waiting_mail(session, mailbox_id, scheduled(session, mailbox_id), now) for mailbox_id in far
    )
    ahead = (foresee(one, now) for one in waiting)
    found = {pending_id: fate for fates in ahead for pending_id, fate in fates.items()}
    return {**kept, **{key: found[key] for key in kept if key in found}}


def _line(actor: Actor, row: PendingRow, fate: Shown, beside: _Beside) -> PendingLine:
    message = row.message
    state = message.state
    may = allowed(actor.role, Permission.PENDING_EDIT, own=message.author_id == actor.member_id)
    return PendingLine(
        id=message.id,
        state=message.state,
        subject=_subject(actor, row),
        to=listed(message.to),
        account_name=beside.accounts.get(message.id),
        sender_name=row.sender_name,
        sender_email=row.sender_email,
        due_at=message.due_at,
        leaves_at=_leaves(message, state, fate),
        reason=fate.reason,
        why=LATE
        if is_late(message, fate, beside.now)
        else why(actor, message, fate, beside.failed.get(message.id, ())),
        changeable=may and state in EDITABLE and not is_private(actor, row),
        version=message.version,
        files=beside.files.get(message.id, 0),
        undo_until=_undo_until(message, beside.now),
    )


def _undo_until(message: PendingMessage, now: datetime) -> datetime | None:
    """Until when sending it can be undone, if at all."""
    waits = message.state == PendingState.SCHEDULED
    return message.undo_until if waits and (message.undo_until or now) > now else None


def _subject(actor: Actor, row: PendingRow) -> str:
    if is_private(actor, row):
        return f"Private email of {row.sender_name}"
    return row.message.subject or "(no subject)"


def _leaves(message: PendingMessage, state: PendingState, fate: Shown) -> datetime | None:
    match state:
        case PendingState.SCHEDULED if is_stopped(state, fate):
            return None
        case PendingState.SCHEDULED:
            return fate.forecast_at or max(message.due_at, message.not_before)
        case PendingState.SENT:
            return message.sent_at
        case _:
            return None


def _account_names(session: Session, pending_ids: Sequence[PendingId]) -> Mapping[object, str]:
    """The account of each of a few messages: the oldest one of its first known recipient."""
    query = (
        select(PendingRecipient.pending_id, Account.name)
        .join(AccountContact, AccountContact.contact_id == PendingRecipient.contact_id)
        .join(Account, Account.id == AccountContact.account_id)
        .where(PendingRecipient.pending_id.in_(pending_ids))
        .ext(distinct_on(PendingRecipient.pending_id))
        .order_by(PendingRecipient.pending_id, AccountContact.since, Account.id)
    )
    return dict(session.execute(query).all())


def open_in_conversation(
    session: Session, conversation_id: ConversationId, *, limit: int
) -> list[PendingRow]:
    """What waits in a conversation, the next first."""
    query = (
        with_sender()
        .where(
            PendingMessage.conversation_id == conversation_id, PendingMessage.state.not_in(CLOSED)
        )
        .order_by(PendingMessage.due_at, PendingMessage.id)
        .limit(limit)
    )
    return [PendingRow.of(row) for row in session.execute(query)]
