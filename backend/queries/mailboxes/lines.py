"""Maps mailboxes and imports for pages, with the rows they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import MailboxId, MemberId
from backend.domain.reasons import Reason
from backend.domain.summaries.mailbox import ImportSummary, MailboxState, MailboxSummary
from backend.queries.mailboxes.state import (
    explanation_of,
    reconnects,
    rest_of_reading,
    rest_of_sending,
    state_of,
    takes_in,
    trouble_of,
)
from backend.store.models import ImportRun, Mailbox, Quarantine, TeamMember, ToFetch

SHORT: Mapping[str, str] = {
    Reason.NOBODY_KNOWN: "Nobody on it is a known contact",
    Reason.ONLY_COPIED: "Contacts only in Cc or Bcc",
    Reason.ONLY_REPLY_TO: "Contacts only in Reply-To",
    Reason.INTERNAL_ONLY: "Internal mail",
    Reason.NEVER_LOG_ADDRESS: "Address on the never-log list",
    Reason.NEVER_LOG_DOMAIN: "Domain on the never-log list",
    Reason.NEVER_LOG_SUBJECT: "Subject on the never-log list",
    Reason.DRAFT: "Drafts",
    Reason.CHAT: "Chat messages",
    Reason.SPAM: "Spam",
    Reason.TRASHED: "In Gmail's trash",
    Reason.THIRD_PARTY_SENDER: "Sent by somebody else",
    Reason.NOT_ASSIGNED: "Contact not assigned to the owner",
    Reason.ERASED_PERSON: "An erased person",
    Reason.MESSAGE_GONE: "No longer in Gmail",
    Reason.OUTSIDE_IMPORT: "Older than the import reaches",
    Reason.UNLOGGED: "Taken out by somebody",
    Reason.ANSWERED_ELSEWHERE: "Answered in another workspace",
}
"""Reasons for leaving mail out, as labels of a count."""

MAX_MAILBOXES = 500
"""Mailboxes listed on one page: more than any workspace of this kind has."""


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox with its owner's name, and whether they have left the team."""

    mailbox: Mailbox
    owner_name: str
    owner_left: bool = False


def mailbox_summaries(
    session: Session, rows: Sequence[MailboxRow], now: datetime
) -> list[MailboxSummary]:
    """The mailboxes with their counts and unfinished imports, with a fixed number of queries."""
    ids = [row.mailbox.id for row in rows]
    waiting = _count_waiting(session, ids)
    broken = _count_quarantined(session, ids)
    running = _running_imports(session, ids)
    return [
        _summary(
            row,
            now=now,
            waiting=waiting.get(row.mailbox.id, 0),
            broken=broken.get(row.mailbox.id, 0),
            run=running.get(row.mailbox.id),
        )
        for row in rows
    ]


def import_summary(
    run: ImportRun,
    mailbox: Mailbox,
    now: datetime,
    skipped: Sequence[tuple[str, int]] = (),
    stopped_by: str | None = None,
) -> ImportSummary:
    """One import, with why messages were left out and who stopped it, if known."""
    return ImportSummary(
        id=run.id,
        mailbox_email=mailbox.email,
        kind=run.kind,
        wanted=run.wanted,
        listed=run.listed,
        scanned=run.scanned,
        kept=run.kept,
        failed=run.failed,
        oldest_at=run.oldest_at,
        started_at=run.started_at,
        heartbeat_at=run.heartbeat_at,
        finished_at=run.finished_at,
        stopped=run.stopped_by is not None,
        stopped_by=stopped_by,
        since=run.since,
        missed=run.missed,
        error=trouble_of(run, mailbox),
        rest=None if run.finished_at else rest_of_reading(mailbox, run.lease_until, now),
        skipped_because=tuple((SHORT.get(reason, reason), count) for reason, count in skipped),
    )


def _summary(
    row: MailboxRow, *, now: datetime, waiting: int, broken: int, run: ImportRun | None
) -> MailboxSummary:
    mailbox = row.mailbox
    state = state_of(mailbox, now)
    running = import_summary(run, mailbox, now) if run else None
    gone = row.owner_left and state is MailboxState.DISCONNECTED
    return MailboxSummary(
        id=mailbox.id,
        email=mailbox.email,
        display_name=mailbox.display_name,
        owner_id=mailbox.owner_id,
        owner_name=row.owner_name,
        takes_in=takes_in(mailbox),
        sharing=mailbox.sharing,
        reply_quote=mailbox.reply_quote or "",
        state=state,
        explanation=None if gone else explanation_of(mailbox, state, now),
        owner_left=row.owner_left,
        reconnects=reconnects(mailbox),
        scopes=tuple(mailbox.scopes),
        connected_at=mailbox.connected_at,
        last_sync_at=mailbox.last_success_at,
        last_notification_at=mailbox.last_notification_at,
        watch_expires_at=mailbox.watch_expires_at,
        waiting_to_fetch=waiting,
        quarantined=broken,
        running_import=running,
        reading_rests=(running and running.rest)
        or rest_of_reading(mailbox, mailbox.lease_until, now),
        sending_rests=rest_of_sending(mailbox, now),
    )


def all_mailboxes(session: Session) -> Sequence[MailboxRow]:
    """The workspace's mailboxes by address, without those whose owner has moved to another
    address.
    """
    newer = aliased(Mailbox)
    left = exists().where(newer.owner_id == Mailbox.owner_id, newer.id > Mailbox.id)
    return _rows(session, not_(left))


def of_member(session: Session, member_id: MemberId) -> MailboxRow | None:
    """The member's own mailbox, connected or not."""
    rows = _rows(session, Mailbox.owner_id == member_id)
    return max(rows, key=lambda row: row.mailbox.id, default=None)


def by_id(session: Session, mailbox_id: MailboxId) -> MailboxRow | None:
    """One mailbox."""
    rows = _rows(session, Mailbox.id == mailbox_id)
    return rows[0] if rows else None


def _count_waiting(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages a few mailboxes still have to fetch."""
    query = (
        select(ToFetch.mailbox_id, func.count())
        .where(ToFetch.mailbox_id.in_(mailbox_ids))
        .group_by(ToFetch.mailbox_id)
    )
    return dict(session.execute(query).all())


def _count_quarantined(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages of a few mailboxes could not be read."""
    query = (
        select(Quarantine.mailbox_id, func.count())
        .where(Quarantine.mailbox_id.in_(mailbox_ids))
        .group_by(Quarantine.mailbox_id)
    )
    return dict(session.execute(query).all())


def _running_imports(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, ImportRun]:
    """The unfinished imports of a few mailboxes."""
    query = (
        select(ImportRun)
        .where(ImportRun.mailbox_id.in_(mailbox_ids), ImportRun.finished_at.is_(None))
        .order_by(ImportRun.id.desc())
    )
    return {run.mailbox_id: run for run in session.scalars(query)}


def _rows(session: Session, condition: ColumnElement[bool]) -> list[MailboxRow]:
    query = (
        select(Mailbox, TeamMember.name, TeamMember.deactivated_at)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(condition)
        .order_by(Mailbox.email, Mailbox.id)
        .limit(MAX_MAILBOXES)
    )
    return [
        MailboxRow(mailbox, name or mailbox.display_name, left_at is not None)
        for mailbox, name, left_at in session.execute(query)
    ]
