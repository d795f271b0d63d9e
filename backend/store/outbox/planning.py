"""When each waiting mail of a mailbox will leave: computed by the rules, kept on the rows.

Called whenever something changed: a mail was added, edited, moved or left. Only rows whose forecast
changed are written.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.forecast import forecast
from backend.domain.ids import MailboxId
from backend.store.models import Mailbox
from backend.store.outbox.gate import passage
from backend.store.outbox.rows import letter_of, scheduled


def replan(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """Bring the forecasts of one mailbox up to date."""
    session.flush()
    mailbox = session.get_one(Mailbox, mailbox_id)
    way = passage(session, mailbox, now)
    rows = {row.id: row for row in scheduled(session, mailbox_id)}
    for one in forecast(map(letter_of, rows.values()), way.gate, now, rules=way.rules):
        row = rows[one.id]
        reason = one.reason.value if one.reason else None
        if (row.forecast_at, row.reason) != (one.leaves_at, reason):
            row.forecast_at, row.reason = one.leaves_at, reason
            row.reason_details = dict(one.details)
    session.flush()
