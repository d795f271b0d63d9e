"""Computes when each waiting message of a mailbox will leave, and stores it on the rows.

Called after every change: a message was added, edited, rescheduled or left. Only rows whose
forecast changed are written, all in one statement.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.domain.sending.outlook import UNPLANNED, foresee
from backend.domain.sending.pending import PendingState
from backend.services.transitions import move
from backend.store.models import Mailbox, PendingMessage
from backend.store.outbox import forecasts
from backend.store.outbox.rows import scheduled
from backend.store.outbox.turns import turn_to_plan, turn_to_plan_all
from backend.store.outbox.waiting import waiting_mail

CURED_BY_CONNECTING = (
    Reason.MAILBOX_DISCONNECTED,
    Reason.MAILBOX_BLOCKED,
    Reason.SCOPE_MISSING,
)

CURED_BY_RULES = (Reason.NO_WINDOW, Reason.LIMIT_ZERO)

PLANNED_AHEAD = 100
"""Messages of one mailbox with a stored forecast: an hour and a half at the highest limit. Writing
rows is most of the cost of planning, and each departure replans.
"""


def replan(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """Update the forecasts of one mailbox, for the messages that leave next. Those behind them have
    none stored, and are forecast when somebody looks at them.
    """
    turn_to_plan(session, mailbox_id)
    session.flush()
    rows = scheduled(session, mailbox_id)
    if not rows:
        return
    waiting = waiting_mail(session, mailbox_id, rows, now)
    wanted = foresee(waiting, now, first=PLANNED_AHEAD)
    changed = {
        row.id: new
        for row in rows
        if (new := wanted.get(row.id, UNPLANNED))
        != (row.forecast_at, row.reason, row.reason_details)
    }
    if changed:
        forecasts.write(session, changed)


def rules_changed(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """After limits or windows changed: promises under the old ones are dropped, and the mailbox is
    due at once.
    """
    free_held(session, mailbox_id, CURED_BY_RULES, now)
    drop_promises(session, mailbox_id)
    replan(session, mailbox_id, now)


def drop_promises(session: Session, mailbox_id: MailboxId | None = None) -> None:
    """Drop what the rules promised, in one mailbox or in all: each message waits for its date only,
    and is decided again as soon as that has come.
    """
    every = mailbox_id is None
    session.execute(
        update(Mailbox)
        .where(true() if every else Mailbox.id == mailbox_id, Mailbox.send_look_at.is_not(None))
        .values(send_look_at=None)
    )
    if mailbox_id is None:
        turn_to_plan_all(session)
    else:
        turn_to_plan(session, mailbox_id)
    session.execute(
        update(PendingMessage)
        .where(
            true() if every else PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.SCHEDULED,
            PendingMessage.not_before != PendingMessage.due_at,
        )
        .values(not_before=PendingMessage.due_at)
    )


def mailboxes_that_wait(session: Session) -> list[MailboxId]:
    """The mailboxes of the session's workspace with scheduled messages."""
    query = (
        select(PendingMessage.mailbox_id)
        .where(PendingMessage.state == PendingState.SCHEDULED)
        .distinct()
        .order_by(PendingMessage.mailbox_id)
    )
    return list(session.scalars(query))


def connected_again(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """Messages held because the mailbox did not work go back in line; those whose time has passed
    meanwhile are held as late.
    """
    free_held(session, mailbox_id, CURED_BY_CONNECTING, now)
    rules_changed(session, mailbox_id, now)


def free_held(
    session: Session,
    mailbox_id: MailboxId | None,
    reasons: Sequence[Reason],
    now: datetime,
    *,
    address: str | None = None,
) -> None:
    """Put messages of one mailbox, or of all, back in line that were held for a reason which may no
    longer apply; with `address`, only those held because of that address. If it still applies, the
    message is held again at its turn.
    """
    query = select(PendingMessage).where(
        PendingMessage.state == PendingState.HELD,
        PendingMessage.reason.in_(list(reasons)),
    )
    if mailbox_id is None:
        turn_to_plan_all(session)
    else:
        turn_to_plan(session, mailbox_id)
        query = query.where(PendingMessage.mailbox_id == mailbox_id)
    if address is not None:
        query = query.where(PendingMessage.reason_details["address"].astext == address)
    for row in session.scalars(query.order_by(PendingMessage.id).with_for_update()):
        move(session, row, PendingState.SCHEDULED, now=now)
