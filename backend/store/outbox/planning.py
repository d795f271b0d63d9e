"""When each waiting mail of a mailbox will leave: computed by the rules, kept on the rows.

Called whenever something changed: a mail was added, edited, moved or left. Only rows whose forecast
changed are written, all of them by one statement.
"""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.domain.forecast import Forecast, forecast
from backend.domain.ids import MailboxId
from backend.domain.pending import PendingState
from backend.domain.reasons import Reason
from backend.store.models import Mailbox, PendingMessage
from backend.store.outbox.gate import passage
from backend.store.outbox.rows import letter_of, move, scheduled
from backend.store.outbox.turns import turn_to_plan

CURED_BY_CONNECTING = (Reason.MAILBOX_DISCONNECTED, Reason.SCOPE_MISSING)

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
    """Bring the forecasts of one mailbox up to date."""
    turn_to_plan(session, mailbox_id)
    session.flush()
    rows = scheduled(session, mailbox_id)
    if not rows:
        return
    way = passage(session, mailbox_id, now)
    shown = {row.id: (row.forecast_at, row.reason, row.reason_details) for row in rows}
    planned = forecast(map(letter_of, rows), way.gate, now, rules=way.rules)
    changed = [one for one in planned if shown[one.id] != as_shown(one)]
    if changed:
        session.execute(WRITE, columns(changed))


def rules_changed(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """After limits, windows or policies changed: what was promised under the old ones is dropped,
    and the mailbox is looked at again at once.
    """
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(send_look_at=None))
    turn_to_plan(session, mailbox_id)
    session.execute(
        update(PendingMessage)
        .where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.SCHEDULED.value,
            PendingMessage.not_before != PendingMessage.due_at,
        )
        .values(not_before=PendingMessage.due_at)
    )
    replan(session, mailbox_id, now)


def connected_again(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """What was held because the mailbox did not work waits for its turn again; mail whose moment
    has passed meanwhile is held anew, as late.
    """
    held = session.scalars(
        select(PendingMessage)
        .where(
            PendingMessage.mailbox_id == mailbox_id,
            PendingMessage.state == PendingState.HELD.value,
            PendingMessage.reason.in_([reason.value for reason in CURED_BY_CONNECTING]),
        )
        .order_by(PendingMessage.id)
        .with_for_update()
    )
    for row in held:
        move(session, row, PendingState.SCHEDULED, now=now)
    rules_changed(session, mailbox_id, now)


def as_shown(one: Forecast) -> tuple[datetime | None, str | None, dict[str, str]]:
    """A forecast as the row keeps it."""
    return one.leaves_at, one.reason.value if one.reason else None, dict(one.details)


def columns(changed: list[Forecast]) -> dict[str, list[Any]]:
    """The forecasts as arrays, one entry a row."""
    shown = [as_shown(one) for one in changed]
    return {
        "ids": [one.id for one in changed],
        "moments": [at for at, _, _ in shown],
        "reasons": [reason for _, reason, _ in shown],
        "details": [orjson.dumps(details).decode() for _, _, details in shown],
    }
