"""When each mailbox is polled next, and why more often than usual.

The only place that changes these columns: every reason for close polling ends alike, with the next
notification.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, DateTime, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MailboxKey
from backend.domain.sync.polling import (
    POLL_AFTER,
    POLL_CLOSELY,
    PUSH_TAKES,
    WATCH_ANEW_AFTER,
    PollReason,
)
from backend.store.mailboxes import SECOND_LOOK_AFTER, WORKING, keys
from backend.store.models import Mailbox

WATCH_LASTS = timedelta(days=7)
"""Gmail ends push notifications after this long; Google advises to renew daily."""

RENEW_AFTER = timedelta(days=1)


def look_closely(
    session: Session, mailbox_id: MailboxId, because: PollReason, now: datetime
) -> None:
    """Poll the mailbox every minute until a notification arrives. Keeps the time since when."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(
            poll_because=because,
            poll_since=func.coalesce(Mailbox.poll_since, now),
            poll_at=func.least(Mailbox.poll_at, now + POLL_CLOSELY),
        )
    )


def heard(session: Session, mailbox_id: MailboxId, hint: int, now: datetime) -> None:
    """A notification arrived, announcing history up to `hint`: push works. Late and duplicate ones
    change nothing else.
    """
    told = Mailbox.unannounced > Decimal(hint)
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(
            hint=func.greatest(func.coalesce(Mailbox.hint, 0), Decimal(hint)),
            last_notification_at=now,
            poll_because=None,
            poll_since=None,
            unannounced=case((told, Mailbox.unannounced), else_=None),
            unannounced_at=case((told, Mailbox.unannounced_at), else_=None),
            push_arrived_at=case(
                (Mailbox.push_tested_at.is_not(None), func.coalesce(Mailbox.push_arrived_at, now)),
                else_=None,
            ),
        )
    )


def begin_push_test(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """The next notification is the answer to a push test."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(push_tested_at=now, push_arrived_at=None)
    )


def polled(session: Session, mailbox_id: MailboxId, now: datetime) -> None:
    """The mailbox was read to its end; the next poll is regular."""
    usual = Mailbox.poll_because.is_(None)
    session.execute(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(poll_at=case((usual, now + POLL_AFTER), else_=now + POLL_CLOSELY))
    )


def found_unannounced(session: Session, mailbox_id: MailboxId, newest: int, now: datetime) -> None:
    """Mail up to the history id `newest` was read. Where push is relied upon, a notification has
    announced it or is due soon.
    """
    session.execute(
        update(Mailbox)
        .where(
            Mailbox.id == mailbox_id,
            func.coalesce(Mailbox.hint, 0) < Decimal(newest),
            Mailbox.unannounced.is_(None),
            Mailbox.poll_because.is_(None),
            Mailbox.watch_expires_at > now,
            Mailbox.watch_error.is_(None),
        )
        .values(unannounced=Decimal(newest), unannounced_at=now)
    )


def push_was_lost(session: Session, mailbox_id: MailboxId, now: datetime) -> bool:
    """Whether mail was read without a notification in time. Then the mailbox is polled closely from
    now on, and the next mail is judged by itself.
    """
    lost = (
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.unannounced_at <= now - PUSH_TAKES)
        .values(unannounced=None, unannounced_at=None)
        .returning(Mailbox.id)
    )
    if session.scalar(lost) is None:
        return False
    look_closely(session, mailbox_id, PollReason.PUSH_LOST, now)
    return True


def due(session: Session, now: datetime) -> Sequence[MailboxKey]:
    """Working mailboxes with unread hints or troubles, or whose next poll is due; paused ones are
    left out.
    """
    awake = or_(Mailbox.paused_until.is_(None), Mailbox.paused_until <= now)
    news = (Mailbox.hint > func.coalesce(Mailbox.cursor, 0)) & not_looked_in_vain(now)
    poll = func.coalesce(Mailbox.poll_at, Mailbox.connected_at + POLL_AFTER) <= now
    recheck = or_(Mailbox.refused_at <= now - SECOND_LOOK_AFTER, Mailbox.troubles > 0)
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.state.in_(WORKING), awake, Mailbox.cursor.is_not(None), news | poll | recheck
    )
    return keys(session, query)


def not_looked_in_vain(now: datetime) -> ColumnElement[bool]:
    """Whether to look for what a notification announced. Gmail's history may lag behind it, or
    never reach it: each look in vain doubles the wait before the next.
    """
    read, told = Mailbox.last_success_at, Mailbox.last_notification_at
    since = literal(now, DateTime(timezone=True))
    return or_(read.is_(None), told.is_(None), read < told, since - read > read - told)


def push_missing(session: Session, now: datetime) -> Sequence[MailboxKey]:
    """Working mailboxes with mail that no notification announced in time."""
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.state.in_(WORKING), Mailbox.unannounced_at <= now - PUSH_TAKES
    )
    return keys(session, query)


def watch_ending(session: Session, now: datetime) -> Sequence[MailboxKey]:
    """Working mailboxes whose push was not renewed for a day, was refused or never began, or is
    missing although it was renewed an hour ago.
    """
    ends = Mailbox.watch_expires_at
    silent = (Mailbox.poll_because == PollReason.PUSH_LOST) & (
        ends < now + WATCH_LASTS - WATCH_ANEW_AFTER
    )
    refused = Mailbox.poll_because == PollReason.PUSH_REFUSED
    ending = or_(ends.is_(None), refused, ends < now + WATCH_LASTS - RENEW_AFTER, silent)
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        Mailbox.state.in_(WORKING), Mailbox.cursor.is_not(None), ending
    )
    return keys(session, query)
