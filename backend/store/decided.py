"""Existing decisions on message ids from Gmail: which are still to fetch, and how old known ones
are.

Separate from the list of messages to fetch, which drops a message once it is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.ids import MailboxId
from backend.domain.reasons import Reason
from backend.store.fetching import MOST_ATTEMPTS
from backend.store.like import in_list
from backend.store.models import Decision, Quarantine


def undecided(session: Session, mailbox_id: MailboxId, gmail_ids: Sequence[str]) -> set[str]:
    """Those of these messages without a decision."""
    return set(gmail_ids) - set(session.scalars(decisions_on(mailbox_id, gmail_ids)))


def unread(
    session: Session, mailbox_id: MailboxId, gmail_ids: Sequence[str], *, floor: datetime | None
) -> set[str]:
    """Those of these messages that a run has to fetch: without a decision, left out as too old by
    an import that did not reach back to `floor`, or set aside by an earlier run. One that killed
    workers is left alone.
    """
    too_old = Decision.reason == Reason.OUTSIDE_IMPORT
    if floor is not None:
        too_old &= Decision.internal_at >= floor
    aside = exists().where(
        Quarantine.mailbox_id == mailbox_id,
        Quarantine.gmail_id == Decision.gmail_id,
        Quarantine.attempts <= MOST_ATTEMPTS,
    )
    known = decisions_on(mailbox_id, gmail_ids).where(~too_old, ~aside)
    return set(gmail_ids) - set(session.scalars(known))


@dataclass(frozen=True)
class Known:
    """What is known of a page: how many messages were decided before, the oldest relevant date, and
    how many messages are older than that.
    """

    before: int
    oldest: datetime | None
    older: int


def known(
    session: Session,
    mailbox_id: MailboxId,
    gmail_ids: Sequence[str],
    *,
    before: datetime,
    since: datetime | None = None,
) -> Known:
    """Summary of the decisions on these messages. Dates before `since` do not count. Some decisions
    were made without fetching the message, and have no date.
    """
    young = Decision.internal_at >= since if since is not None else true()
    oldest = func.min(Decision.internal_at).filter(young)
    older = func.count().filter(~young)
    earlier = func.count().filter(Decision.decided_at < before)
    row = session.execute(select(earlier, oldest, older).where(on(mailbox_id, gmail_ids))).one()
    return Known(before=row[0], oldest=row[1], older=row[2])


def on(mailbox_id: MailboxId, gmail_ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a decision is on one of these messages, however many there are."""
    return and_(Decision.mailbox_id == mailbox_id, in_list(Decision.gmail_id, gmail_ids))


def decisions_on(mailbox_id: MailboxId, gmail_ids: Sequence[str]) -> Select[str]:
    """The messages among these that have a decision."""
    return select(Decision.gmail_id).where(on(mailbox_id, gmail_ids))


def left_out_by_labels(
    session: Session, mailbox_id: MailboxId, gmail_ids: Sequence[str]
) -> set[str]:
    """Those of these messages that were left out only because of their labels."""
    query = decisions_on(mailbox_id, gmail_ids).where(
        Decision.outcome == "skipped", Decision.rule == Rule.LABELS
    )
    return set(session.scalars(query))
