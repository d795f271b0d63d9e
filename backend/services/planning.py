"""When each waiting mail of a mailbox will leave: computed by the rules, kept on the rows.

Called whenever something changed: a mail was added, edited, moved or left. Only rows whose forecast
changed are written, all of them by one statement.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, text, true, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, PendingId
from backend.domain.reasons import Reason
from backend.domain.sending.outlook import UNPLANNED, Shown, foresee
from backend.domain.sending.pending import PendingState
from backend.store.models import Mailbox, PendingMessage
from backend.store.outbox.rows import move, scheduled
from backend.store.outbox.turns import turn_to_plan, turn_to_plan_all
from backend.store.outbox.waiting import waiting_mail

CURED_BY_CONNECTING = (
    Reason.MAILBOX_DISCONNECTED,
    Reason.MAILBOX_BLOCKED,
    Reason.SCOPE_MISSING,
)

CURED_BY_RULES = (Reason.NO_WINDOW, Reason.LIMIT_ZERO)

PLANNED_AHEAD = 100
"""Mails of one mailbox whose forecasts are kept: an hour and a half at the highest limit. Writing
rows is nearly all that planning costs, and each mail that leaves plans anew.
"""


WRITE = text(
    """
    UPDATE pending_messages AS p
       SET forecast_at = planned.at, reason = planned.reason, reason_details = planned.details
      FROM unnest(CAST(:ids AS uuid[]), CAST(:moments AS timestamptz[]),
                  CAST(:reasons AS text[]), CAST(:details AS jsonb[]))
           AS planned(id, at, reason, details)
     WHERE p.id = planned.id AND p.state = 'scheduled'
    """
)


def replan(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """Bring the forecasts of one mailbox up to date: of the mails that leave next. Those behind
    them keep none, and are foreseen when somebody looks at them.
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
        session.execute(WRITE, columns(changed))


def rules_changed(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """After limits or windows changed: what was promised under the old ones is dropped, and the
    mailbox is looked at again at once.
    """
    free_held(session, mailbox_id, CURED_BY_RULES, now)
    drop_promises(session, mailbox_id)
    replan(session, mailbox_id, now)


def drop_promises(session: Session, mailbox_id: MailboxId | None = None) -> None:
    """Forget what the rules promised, in one mailbox or in all: each mail waits for its date only,
    and is decided anew as soon as that has come.
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
    """The mailboxes of the session's workspace with mail that is scheduled."""
    query = (
        select(PendingMessage.mailbox_id)
        .where(PendingMessage.state == PendingState.SCHEDULED)
        .distinct()
        .order_by(PendingMessage.mailbox_id)
    )
    return list(session.scalars(query))


def connected_again(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """What was held because the mailbox did not work waits for its turn again; mail whose moment
    has passed meanwhile is held anew, as late.
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
    """Let mail of one mailbox, or of all, wait for its turn again that was held for a reason which
    may be true no longer; with `address`, only what was held because of that one. If it still is,
    the mail is held again when its turn comes.
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


def columns(changed: Mapping[PendingId, Shown]) -> dict[str, list[Any]]:
    """The forecasts as arrays, one entry a row."""
    return {
        "ids": list(changed),
        "moments": [one.forecast_at for one in changed.values()],
        "reasons": [one.reason for one in changed.values()],
        "details": [orjson.dumps(one.reason_details).decode() for one in changed.values()],
    }
