"""The health page: parts of the installation, mailboxes, and what needs a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.clocks import off_clock
from backend.domain.ids import MailboxId, MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.reasons import Reason, sentence
from backend.domain.sending.pending import PendingState
from backend.domain.summaries.health import HealthSummary, MailboxHealth, PartLine, TroubleLine
from backend.domain.summaries.mailbox import MailboxState, MailboxSummary
from backend.domain.sync.polling import BECAUSE
from backend.errors import LimiterUnavailable
from backend.queries.alive import FRESH, LMTP, MOST, heartbeats, kind_of, needed
from backend.queries.mailboxes.lines import MailboxRow, all_mailboxes, mailbox_summaries, of_member
from backend.queries.setup import google_client, standing_troubles
from backend.store.models import (
    Decision,
    Heartbeat,
    ImportRun,
    Mailbox,
    PendingMessage,
    Quarantine,
    ToFetch,
)

ROLES = {"worker": "Worker", "schedule": "Schedule", "web": "Web", LMTP: "Smart BCC (LMTP)"}
GOES_BY_DATABASE = (
    "Rapport goes by the database's clock, so mail still leaves at the right time, but Google's "
    "tokens may be refused there. Let the machine keep its time (NTP)."
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
    with deps.store.begin_global() as session:
        beats = heartbeats(session)
        version = _database_version(session)
    parts = (
        PartLine(name="Postgres", works=True, sentence=f"Answers. Version {version}."),
        _limiter(deps),
        *_processes(beats, needed(deps), deps.now()),
        _clocks(beats, deps),
        *_google(deps),
    )
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


def _limiter(deps: Deps) -> PartLine:
    try:
        deps.limits.take_units(MailboxId(0), 0, patience=timedelta(0))
    except LimiterUnavailable as error:
        return PartLine(name="Redis", works=False, sentence=error.sentence)
    return PartLine(name="Redis", works=True, sentence="Answers. Limits and queues work.")


def _processes(
    beats: Sequence[Heartbeat], missing: Mapping[str, str], now: datetime
) -> list[PartLine]:
    """One line for each kind of process: alive with its age, silent, or never seen."""
    lines = []
    for role in dict.fromkeys((*missing, *(kind_of(beat.role) for beat in beats))):
        mine = [beat.beaten_at for beat in beats if kind_of(beat.role) == role]
        alive = [at for at in mine if abs(now - at) <= FRESH]
        latest = max(mine, default=None)
        name = ROLES.get(role, role.capitalize())
        said = f"{len(alive)} running." if alive else missing.get(role, "Has stopped reporting.")
        lines.append(PartLine(name=name, works=bool(alive), sentence=said, at=latest))
    return lines


def _google(deps: Deps) -> Iterator[PartLine]:
    """Whether Google accepts our client, and what keeps people from connecting: the same checks as
    `doctor`.
    """
    client = google_client(deps)
    said = f"{client.sentence} {client.advice}".rstrip()
    yield PartLine(name=client.name, works=client.works, sentence=said)
    for name, trouble in standing_troubles(deps):
        if trouble.advice != client.advice:
            said = f"{trouble.happened} {trouble.advice}"
            yield PartLine(name=name, works=None, sentence=said)


def _clocks(beats: Sequence[Heartbeat], deps: Deps) -> PartLine:
    """Processes with a wrong clock, among those with a recent heartbeat and this one."""
    now = deps.now()
    found = {one.name: one.clock_ahead for one in beats if abs(now - one.beaten_at) <= FRESH}
    found["this web process"] = deps.ahead().total_seconds()
    wrong = [off_clock(name, seconds) for name, seconds in sorted(found.items())]
    said = " ".join(filter(None, wrong))
    if not said:
        return PartLine(name="Clocks", works=True, sentence="All machines tell the same time.")
    return PartLine(name="Clocks", works=None, sentence=f"{said} {GOES_BY_DATABASE}")


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


def _database_version(session: Session) -> str:
    """The version of Postgres, which also shows that it answers."""
    return str(session.scalar(text("SHOW server_version")) or "")


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
    query = select(ImportRun.mailbox_id, ImportRun.error).where(
        ImportRun.mailbox_id.in_(mailbox_ids),
        ImportRun.finished_at.is_(None),
        ImportRun.error.is_not(None),
    )
    return {mailbox_id: error for mailbox_id, error in session.execute(query) if error}


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
