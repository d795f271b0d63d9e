"""The health page: parts of the installation, mailboxes, and what needs a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import MailboxId, MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.reasons import Reason, sentence
from backend.domain.sending.pending import PendingState
from backend.domain.setup.checks import Check, CheckState
from backend.domain.summaries.health import HealthSummary, MailboxHealth, TroubleLine
from backend.domain.summaries.mailbox import MailboxState, MailboxSummary
from backend.domain.sync.polling import BECAUSE
from backend.queries.alive import MOST
from backend.queries.installation_checks import arrival_checks, google_troubles, server_checks
from backend.queries.mailboxes.lines import MailboxRow, all_mailboxes, mailbox_summaries, of_member
from backend.queries.mailboxes.state import said_of_import
from backend.store.models import (
    Decision,
    ImportRun,
    Mailbox,
    PendingMessage,
    Quarantine,
    ToFetch,
)

LATE = timedelta(minutes=15)
"""A message that should have left longer ago counts as overdue."""

ADVICE: Mapping[MailboxState, str] = {
    MailboxState.UNCONNECTED: "Its owner connects it under Settings, Email settings.",
    MailboxState.DELAYED: "It catches up by itself. If it stays so for an hour, tell an admin.",
    MailboxState.BLOCKED: (
        "If an administrator of Google Workspace does not allow it, set Rapport to Trusted under "
        "Security, API controls. Rapport asks again every hour by itself."
    ),
    MailboxState.DISCONNECTED: "Its owner connects it again under Settings, Email settings.",
}
NOT_YET = "Not asked for yet"
OFF = "Off until the mailbox is connected again"
COUNTED = 100_000
"""Decisions counted exactly; beyond it Postgres's own estimate is good enough."""


def health(deps: Deps, actor: Actor) -> HealthSummary:
    """The state of everything. Members see their own mailbox, leaders the team's, and admins also
    the parts of the installation.
    """
    role = actor.role
    everybody = allowed(role, Permission.HEALTH_SEE, own=False)
    runs_it = allowed(role, Permission.INSTALLATION_SEE, own=False)
    parts = (*server_checks(deps), *google(deps), *arrived(deps))
    with deps.store.begin(actor.workspace_id) as session:
        own = of_member(session, actor.member_id)
        shown = all_mailboxes(session) if everybody else [own] if own else []
        aside = _set_aside(session, None if everybody else actor.member_id)
        return HealthSummary(
            parts=parts if runs_it else (),
            all_work=all(part.works is not False for part in parts),
            mailboxes=mailbox_health(session, shown, deps.now()),
            troubles=tuple(
                TroubleLine(mailbox_email=email, sentence=sentence(Reason(reason)), count=count)
                for email, reason, count in aside
            ),
            decided=_decided(session),
            waiting=_waiting(session),
        )


def google(deps: Deps) -> Iterator[Check]:
    """Our client, once Google was asked about it, and what keeps people from connecting."""
    return (one for one in google_troubles(deps) if one.state is not CheckState.UNSEEN)


def arrived(deps: Deps) -> Iterator[Check]:
    """What fails of the ways on which Google reaches us. A part that nobody has used yet is for
    Admin setup.
    """
    return (one for one in arrival_checks(deps) if one.state is CheckState.BROKEN)


def mailbox_health(
    session: Session, found: Sequence[MailboxRow], now: datetime
) -> tuple[MailboxHealth, ...]:
    """The mailboxes, with a fixed number of queries."""
    ids = [row.mailbox.id for row in found]
    decided = _decided_by_mailbox(session, ids)
    since = _waiting_since(session, ids)
    compared = _last_comparisons(session, ids)
    stuck = _stuck_imports(session, ids)
    overdue = _overdue(session, ids, now - LATE)
    lines = (
        _mailbox_line(
            row.mailbox,
            summary,
            decided=decided.get(row.mailbox.id, 0),
            waiting_since=since.get(row.mailbox.id),
            compared=compared.get(row.mailbox.id),
            overdue=overdue.get(row.mailbox.id, 0),
        )
        for row, summary in zip(found, mailbox_summaries(session, found, now), strict=True)
    )
    return tuple(_with_import(line, stuck.get(line.mailbox.id, "")) for line in lines)


def _mailbox_line(
    mailbox: Mailbox,
    summary: MailboxSummary,
    *,
    decided: int,
    waiting_since: datetime | None,
    compared: ImportRun | None,
    overdue: int,
) -> MailboxHealth:
    push = mailbox.watch_error or ("" if mailbox.watch_expires_at else NOT_YET)
    if mailbox.poll_because is not None and mailbox.watch_error is None:
        push = BECAUSE[mailbox.poll_because]
    if summary.state is MailboxState.DISCONNECTED:
        push = OFF
    return MailboxHealth(
        mailbox=summary,
        decided=decided,
        push=push,
        push_until=None if push else mailbox.watch_expires_at,
        polled_closely_since=None if push == OFF else mailbox.poll_since,
        waiting_since=waiting_since,
        compared=compared.scanned if compared else 0,
        compared_at=compared.finished_at if compared else None,
        trouble=summary.explanation or "",
        trouble_at=mailbox.last_error_at if summary.explanation else None,
        advice="" if summary.owner_left else ADVICE.get(summary.state, ""),
        overdue=overdue,
    )


def _set_aside(session: Session, owner: MemberId | None) -> Sequence[tuple[str, str, int]]:
    """Quarantined messages as mailbox, reason and count; only one owner's if named."""
    query = (
        select(Mailbox.email, Quarantine.reason, func.count().label("count"))
        .join(Mailbox, Mailbox.id == Quarantine.mailbox_id)
        .group_by(Mailbox.email, Quarantine.reason)
        .order_by(Mailbox.email)
        .limit(MOST)
    )
    if owner is not None:
        query = query.where(Mailbox.owner_id == owner)
    return list(session.execute(query))


def _decided_by_mailbox(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, int]:
    """How many messages of a few mailboxes have a decision."""
    query = (
        select(Decision.mailbox_id, func.count())
        .where(Decision.mailbox_id.in_(mailbox_ids))
        .group_by(Decision.mailbox_id)
    )
    return dict(session.execute(query).all())


def _waiting_since(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, datetime]:
    """Since when the oldest message on each fetch list has been waiting."""
    query = (
        select(ToFetch.mailbox_id, func.min(ToFetch.added_at))
        .where(ToFetch.mailbox_id.in_(mailbox_ids))
        .group_by(ToFetch.mailbox_id)
    )
    return dict(session.execute(query).all())


def _last_comparisons(
    session: Session, mailbox_ids: Sequence[MailboxId]
) -> Mapping[int, ImportRun]:
    """The last completed comparison with Gmail's own list, for each of a few mailboxes."""
    query = (
        select(ImportRun)
        .where(
            ImportRun.mailbox_id.in_(mailbox_ids),
            ImportRun.finished_at.is_not(None),
            ImportRun.stopped_by.is_(None),
            ImportRun.error.is_(None),
        )
        .ext(distinct_on(ImportRun.mailbox_id))
        .order_by(ImportRun.mailbox_id, ImportRun.id.desc())
    )
    return {run.mailbox_id: run for run in session.scalars(query)}


def _with_import(line: MailboxHealth, error: str) -> MailboxHealth:
    """The line, with what stops its import where nothing else is said."""
    return replace(line, trouble=error) if error and not line.trouble else line


def _stuck_imports(session: Session, mailbox_ids: Sequence[MailboxId]) -> Mapping[int, str]:
    """Why the last step of an import failed, for each of a few mailboxes. Live sync may succeed
    meanwhile, which clears what the mailbox itself says.
    """
    query = select(ImportRun.mailbox_id, ImportRun.error, ImportRun.refusals).where(
        ImportRun.mailbox_id.in_(mailbox_ids),
        ImportRun.finished_at.is_(None),
        ImportRun.error.is_not(None),
    )
    return {
        mailbox_id: said_of_import(error, refusals)
        for mailbox_id, error, refusals in session.execute(query)
    }


def _overdue(
    session: Session, mailbox_ids: Sequence[MailboxId], since: datetime
) -> Mapping[int, int]:
    """How many scheduled messages should have left a few mailboxes before then."""
    at = func.coalesce(PendingMessage.forecast_at, PendingMessage.not_before)
    query = (
        select(PendingMessage.mailbox_id, func.count())
        .where(
            PendingMessage.mailbox_id.in_(mailbox_ids),
            PendingMessage.state == PendingState.SCHEDULED,
            at < since,
        )
        .group_by(PendingMessage.mailbox_id)
    )
    return dict(session.execute(query).all())


def _decided(session: Session) -> int:
    """How many messages have a decision, counted up to a limit."""
    rows = select(Decision.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def _waiting(session: Session) -> int:
    """How many messages are still to fetch."""
    rows = select(ToFetch.mailbox_id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0
