"""Mailboxes as they are shown: with owner, aliases, what waits to be fetched, and their imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, not_, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import ImportRunId, MailboxId, MemberId
from backend.domain.paging import ListQuery
from backend.store.keyset import Order, Slice, page_of
from backend.store.models import (
    Decision,
    ImportRun,
    Mailbox,
    MailboxAlias,
    Quarantine,
    TeamMember,
    ToFetch,
)

NEWEST_RUN = Order(ImportRun.id.expression, ImportRun.id.expression, descending=True)
MAX_MAILBOXES = 500
"""Mailboxes listed on one page: more than any workspace of this kind has."""


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox with its owner's name, and whether they have left the team."""

    mailbox: Mailbox
    owner_name: str
    owner_left: bool = False


def all_mailboxes(session: Session) -> Sequence[MailboxRow]:
    """The workspace's mailboxes by address, without those whose owner has moved to another."""
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


def waiting(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages a few mailboxes still have to fetch."""
    query = (
        select(ToFetch.mailbox_id, func.count())
        .where(ToFetch.mailbox_id.in_(mailbox_ids))
        .group_by(ToFetch.mailbox_id)
    )
    return dict(session.execute(query).all())


def quarantined(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages of a few mailboxes could not be read."""
    query = (
        select(Quarantine.mailbox_id, func.count())
        .where(Quarantine.mailbox_id.in_(mailbox_ids))
        .group_by(Quarantine.mailbox_id)
    )
    return dict(session.execute(query).all())


def running(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, ImportRun]:
    """The imports of a few mailboxes that have not ended."""
    query = (
        select(ImportRun)
        .where(ImportRun.mailbox_id.in_(mailbox_ids), ImportRun.finished_at.is_(None))
        .order_by(ImportRun.id.desc())
    )
    return {run.mailbox_id: run for run in session.scalars(query)}


def runs_page(session: Session, asked: ListQuery, *, owner: MemberId | None) -> Slice:
    """Imports, newest first. Rows hold `ImportRun`, `Mailbox` and who stopped it; `owner` keeps one
    member's.
    """
    query = (
        select(ImportRun, Mailbox, TeamMember.name.label("stopped_by"))
        .join(Mailbox, Mailbox.id == ImportRun.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == ImportRun.stopped_by)
    )
    if owner is not None:
        query = query.where(Mailbox.owner_id == owner)
    return page_of(session, query, NEWEST_RUN, asked)


@dataclass(frozen=True)
class RunRow:
    """An import with its mailbox, and the name of whoever stopped it."""

    run: ImportRun
    mailbox: Mailbox
    stopped_by: str | None


def run(session: Session, run_id: ImportRunId) -> RunRow | None:
    """One import."""
    query = (
        select(ImportRun, Mailbox, TeamMember.name)
        .join(Mailbox, Mailbox.id == ImportRun.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == ImportRun.stopped_by)
        .where(ImportRun.id == run_id)
    )
    row = session.execute(query).one_or_none()
    return RunRow(row[0], row[1], row[2]) if row else None


def skipped_because(session: Session, mailbox_id: MailboxId) -> Sequence[tuple[str, int]]:
    """Why messages of a mailbox were left out, the most frequent reason first."""
    query = (
        select(Decision.reason, func.count())
        .where(Decision.mailbox_id == mailbox_id, Decision.outcome == "skipped")
        .group_by(Decision.reason)
        .order_by(func.count().desc())
    )
    return [(reason, count) for reason, count in session.execute(query)]


def aliases(session: Session, mailbox_id: MailboxId) -> Sequence[MailboxAlias]:
    """The further addresses of a mailbox."""
    query = (
        select(MailboxAlias).where(MailboxAlias.mailbox_id == mailbox_id).order_by(MailboxAlias.key)
    )
    return session.scalars(query).all()


def members_without(session: Session) -> Sequence[TeamMember]:
    """Active members with no connected mailbox (V-34), by name."""
    connected = select(Mailbox.owner_id).where(
        Mailbox.owner_id.is_not(None),
        Mailbox.connected_at.is_not(None),
        Mailbox.disconnected_at.is_(None),
    )
    query = (
        select(TeamMember)
        .where(TeamMember.deactivated_at.is_(None), TeamMember.id.not_in(connected))
        .order_by(func.lower(TeamMember.name), TeamMember.id)
        .limit(MAX_MAILBOXES)
    )
    return session.scalars(query).all()


def _rows(session: Session, condition: ColumnElement[Any]) -> list[MailboxRow]:
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


def id_of(row: MailboxRow) -> MailboxId:
    """The mailbox's id, typed."""
    return row.mailbox.id
