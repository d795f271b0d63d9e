"""The list of messages to fetch: claimed in small batches, attempts counted before the work begins.

A claim is a lease: nobody else takes the row until it expires, and the worker renews it, so that a
crashed worker's claims are soon free again. The attempt count exposes a message that kills workers,
which is then set aside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MailboxKey
from backend.store.like import in_list
from backend.store.mailboxes import WORKING
from backend.store.models import Mailbox, Quarantine, ToFetch

CLAIM = timedelta(seconds=20)
"""How long a claim lasts without renewal."""

MOST_ATTEMPTS = 4
LIVE, LATE, IMPORT, AUDIT = "live", "late", "import", "audit"
PRIORITY = {LIVE: 0, LATE: 1, IMPORT: 2, AUDIT: 3}
"""Live mail first, then a new contact's earlier mail, imports, and what an audit found."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A message to fetch."""

    gmail_id: str
    thread_id: str


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message claimed. `attempts` includes this one."""

    gmail_id: str
    path: str
    attempts: int


def add(
    session: Session,
    key: MailboxKey,
    path: str,
    wanted: Iterable[Wanted],
    *,
    now: datetime,
) -> None:
    """Put messages on the list. One that is on it already gets the more urgent path: what live sync
    waits for must not end with the import that also listed it.
    """
    rows = [
        {
            "workspace_id": key[0],
            "mailbox_id": key[1],
            "gmail_id": one.gmail_id,
            "thread_id": one.thread_id,
            "path": path,
            "priority": PRIORITY[path],
            "added_at": now,
        }
        for one in wanted
    ]
    if not rows:
        return
    given = insert(ToFetch)
    sooner = given.on_conflict_do_update(
        index_elements=[ToFetch.mailbox_id, ToFetch.gmail_id],
        set_={"path": given.excluded.path, "priority": given.excluded.priority},
        where=ToFetch.priority > given.excluded.priority,
    )
    session.execute(sooner, rows)


def claim(
    session: Session,
    mailbox_id: MailboxId,
    paths: Sequence[str],
    *,
    owner: str,
    count: int,
    now: datetime,
) -> list[Claimed]:
    """Take the next messages of a mailbox for `owner`, newest first within their priority."""
    free = or_(ToFetch.not_before.is_(None), ToFetch.not_before <= now)
    chosen = (
        select(ToFetch.gmail_id)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.path.in_(paths), free)
        .order_by(ToFetch.priority, ToFetch.gmail_id.desc())
        .limit(count)
        .with_for_update(skip_locked=True)
        .cte("chosen")  # as a plain subquery Postgres may run it for every row, and take them all
    )
    query = (
        update(ToFetch)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.gmail_id.in_(select(chosen.c.gmail_id)))
        .values(not_before=now + CLAIM, claimed_by=owner, attempts=ToFetch.attempts + 1)
        .returning(ToFetch.gmail_id, ToFetch.path, ToFetch.attempts)
    )
    return [
        Claimed(gmail_id=gmail_id, path=path, attempts=attempts)
        for gmail_id, path, attempts in session.execute(query)
    ]


def keep_claims(session: Session, mailbox_id: MailboxId, owner: str, now: datetime) -> None:
    """Renew the claims of `owner`."""
    session.execute(
        update(ToFetch)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.claimed_by == owner)
        .values(not_before=now + CLAIM)
    )


def done(
    session: Session, mailbox_id: MailboxId, claimed: Sequence[Claimed], *, owner: str
) -> set[str]:
    """Take messages off the list, in the transaction that writes their outcome. Clears earlier
    set-aside marks. Returns those still held by the owner: the others were claimed by another
    since, changed in Gmail, or are no longer wanted.
    """
    ids = [one.gmail_id for one in claimed]
    listed = locked(mailbox_id, ids).where(ToFetch.claimed_by == owner)
    held = set(session.scalars(listed))
    session.execute(
        delete(ToFetch).where(ToFetch.mailbox_id == mailbox_id, ToFetch.gmail_id.in_(held))
    )
    aside = delete(Quarantine).where(
        Quarantine.mailbox_id == mailbox_id, Quarantine.gmail_id.in_(held)
    )
    session.execute(aside)
    return held


def give_up_claims(session: Session, mailbox_id: MailboxId, gmail_ids: Iterable[str]) -> None:
    """Have these messages fetched again: they changed since they were claimed."""
    listed = locked(mailbox_id, gmail_ids).where(ToFetch.not_before.is_not(None))
    held = list(session.scalars(listed))
    if held:
        session.execute(
            update(ToFetch)
            .where(ToFetch.mailbox_id == mailbox_id, in_list(ToFetch.gmail_id, held))
            .values(
                not_before=None, claimed_by=None, attempts=func.greatest(ToFetch.attempts - 1, 0)
            )
        )


def locked(mailbox_id: MailboxId, gmail_ids: Iterable[str]) -> Select[str]:
    """Lock rows of the list, always in one order, so that transactions cannot deadlock."""
    return (
        select(ToFetch.gmail_id)
        .where(ToFetch.mailbox_id == mailbox_id, in_list(ToFetch.gmail_id, gmail_ids))
        .order_by(ToFetch.gmail_id)
        .with_for_update()
    )


def put_back(
    session: Session, mailbox_id: MailboxId, gmail_ids: Sequence[str], until: datetime
) -> None:
    """Return messages to the list. The failure was not theirs, so the attempt does not count."""
    session.execute(
        update(ToFetch)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.gmail_id.in_(gmail_ids))
        .values(not_before=until, claimed_by=None, attempts=ToFetch.attempts - 1)
    )


def postpone(session: Session, mailbox_id: MailboxId, gmail_id: str, until: datetime) -> None:
    """Retry one message then. The attempt counts."""
    session.execute(
        update(ToFetch)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.gmail_id == gmail_id)
        .values(not_before=until, claimed_by=None)
    )


def set_aside(
    session: Session,
    key: MailboxKey,
    claimed: Claimed,
    *,
    detail: str,
    now: datetime,
) -> None:
    """Record a message that could not be read, where people see it."""
    statement = insert(Quarantine).values(
        workspace_id=key[0],
        mailbox_id=key[1],
        gmail_id=claimed.gmail_id,
        reason="cannot_parse",
        detail=detail,
        attempts=claimed.attempts,
        quarantined_at=now,
    )
    session.execute(statement.on_conflict_do_nothing())


def waiting(
    session: Session,
    mailbox_id: MailboxId,
    paths: Sequence[str],
    among: Sequence[str] | None = None,
) -> int:
    """How many messages of a mailbox are still to be fetched: all, or `among` these."""
    query = (
        select(func.count())
        .select_from(ToFetch)
        .where(ToFetch.mailbox_id == mailbox_id, ToFetch.path.in_(paths))
    )
    if among is not None:
        query = query.where(ToFetch.gmail_id.in_(among))
    return session.scalar(query) or 0


def mailboxes_with_work(session: Session, paths: Sequence[str], now: datetime) -> list[MailboxKey]:
    """Working mailboxes that have something to fetch now, over all workspaces; paused ones are left
    out.

    Asks each mailbox for its first row in index order, so that no list is read in full: for an
    EXISTS, Postgres would rather scan the whole table once.
    """
    free = or_(ToFetch.not_before.is_(None), ToFetch.not_before <= now)
    awake = or_(Mailbox.paused_until.is_(None), Mailbox.paused_until <= now)
    work = (
        select(ToFetch.gmail_id)
        .where(ToFetch.mailbox_id == Mailbox.id, ToFetch.path.in_(paths), free)
        .order_by(ToFetch.priority, ToFetch.gmail_id.desc())
        .limit(1)
        .offset(0)
    )
    query = select(Mailbox.workspace_id, Mailbox.id).where(
        awake, Mailbox.state.in_(WORKING), work.exists()
    )
    return [MailboxKey(*row) for row in session.execute(query)]


def forget(session: Session, mailbox_id: MailboxId, path: str) -> None:
    """Remove from the list what a run listed and has not fetched."""
    session.execute(delete(ToFetch).where(ToFetch.mailbox_id == mailbox_id, ToFetch.path == path))
