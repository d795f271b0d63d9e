"""What is stored of a mailbox's sending: its limits, windows, departures and state.

One statement reads all of it. `SENDING` is the part of it that a statement which asks for more can
contain, with the mailbox as `m`. `domain.sender_limits` decides what follows.
"""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MemberId
from backend.domain.sender_limits import DEFAULT_DAILY, SenderLimits, SendingFacts
from backend.domain.sending.throttle import ROLLING_DAY
from backend.store.asking import fetch
from backend.store.models import SendingWindowRow
from backend.store.statements import sql, statement

MOST = f"""(SELECT greatest(coalesce(
  (SELECT daily_limit FROM team_members WHERE id = m.owner_id), {DEFAULT_DAILY}), 1))"""  # noqa: S608 - only our own text is put together
"""At least as many departures as the limit in force, which caps and ceilings only lower."""

SENDING = sql("sending_facts", most=MOST)
ONLY_SENDING = statement(
    f"SELECT json_build_object({SENDING}) FROM mailboxes m WHERE m.id = %(mailbox)s",  # noqa: S608
    SendingFacts,
)


def sender_limits(session: Session, mailbox_id: MailboxId, now: datetime) -> SenderLimits:
    """Gather what holds for one mailbox, with one query whatever is pending."""
    asked = ONLY_SENDING.bind(mailbox=mailbox_id, day_ago=now - ROLLING_DAY)
    return SenderLimits.of(fetch(session, asked))


def windows_of(session: Session, member_id: MemberId) -> Sequence[Row[list[int], time, time]]:
    """A member's windows: ISO weekdays, start and end, by the member's clocks."""
    query = (
        select(SendingWindowRow.days, SendingWindowRow.starts, SendingWindowRow.ends)
        .where(SendingWindowRow.member_id == member_id)
        .order_by(SendingWindowRow.id)
    )
    return session.execute(query).all()
