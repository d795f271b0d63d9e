"""Everything periodic: each duty finds the mailboxes it concerns and enqueues a job for each.

Redis may lose any job; these scans enqueue it again, so what is due in Postgres is always done in
the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import CustomerListId, MailboxId, WorkspaceId
from backend.domain.sync.import_reach import audit_due
from backend.jobs import JobName
from backend.services.client_check import is_refused
from backend.services.mending import repair_times
from backend.store import (
    aliases,
    customer_lists,
    fetching,
    import_runs,
    inbound_mails,
    mailboxes,
    pending,
    polling,
    redacting,
    setup_results,
    upkeep,
)
from backend.store.fetching import AUDIT, IMPORT, LATE, LIVE

Keys = Sequence[tuple[WorkspaceId, MailboxId | CustomerListId] | tuple[WorkspaceId] | tuple[()]]


@dataclass(frozen=True)
class Duty:
    """A periodic duty: a scan, and the job for each mailbox, list or workspace it finds."""

    every: timedelta
    job: JobName
    scan: Callable[[Session, Deps], Keys]


def overdue_syncs(session: Session, deps: Deps) -> Keys:
    """Mailboxes with news, with something to fetch, or to be polled."""
    found = set(polling.due(session, deps.now()))
    return sorted(found | set(fetching.mailboxes_with_work(session, [LIVE], deps.now())))


def open_imports(session: Session, deps: Deps) -> Keys:
    """Mailboxes with an unfinished import, or with earlier mail of a new contact."""
    waiting = set(fetching.mailboxes_with_work(session, [LATE, IMPORT, AUDIT], deps.now()))
    return sorted(waiting | set(import_runs.unfinished(session, deps.now())))


def waiting_lists(session: Session, deps: Deps) -> Keys:
    """Customer lists that a worker should process, and those whose file has expired."""
    return customer_lists.with_work(session, deps.now())


def ending_watches(session: Session, deps: Deps) -> Keys:
    """Mailboxes whose push was not renewed for a day, or is silent."""
    return polling.watch_ending(session, deps.now())


def lost_pushes(session: Session, deps: Deps) -> Keys:
    """Mailboxes with mail that Gmail should have notified us of and did not."""
    return polling.push_missing(session, deps.now())


def blocked_mailboxes(session: Session, deps: Deps) -> Keys:
    """Mailboxes that Google refused an hour ago: it may have changed its mind."""
    return mailboxes.blocked(session, deps.now())


def due_mail(session: Session, deps: Deps) -> Keys:
    """Mailboxes with due pending messages."""
    return pending.mailboxes_with_due_mail(session, deps.now())


def doubtful_mail(session: Session, deps: Deps) -> Keys:
    """Mailboxes with messages that may or may not have left."""
    return pending.mailboxes_with_doubts(session, deps.now())


def due_audits(session: Session, deps: Deps) -> Keys:
    """Mailboxes whose nightly comparison is due, each at its own minute."""
    now = deps.now()
    return [
        key
        for key, last in import_runs.last_audits(session).items()
        if audit_due(last, key[1]) <= now
    ]


def due_addresses(session: Session, deps: Deps) -> Keys:
    """Mailboxes whose further addresses were not read since last night, or could not be."""
    now = deps.now()
    return [
        key
        for key, last in aliases.last_read(session).items()
        if last is None or audit_due(last, key[1]) <= now
    ]


def inbound_mail(session: Session, deps: Deps) -> Keys:
    """Workspaces with Smart BCC mail whose job was lost, or that is due for a retry."""
    return [(one,) for one in inbound_mails.due(session, deps.now())]


def unredacted(session: Session, _: Deps) -> Keys:
    """Disconnected mailboxes whose mail has still its text, though it shall lose it."""
    return redacting.waiting(session)


def refused_client(session: Session, _: Deps) -> Keys:
    """One job while Google refuses our OAuth client: it may have been mended there."""
    return [()] if is_refused(session) else []


def asked_checks(session: Session, deps: Deps) -> Keys:
    """Workspaces whose setup tests were asked for and whose job was lost."""
    return [(one,) for one in setup_results.unfinished(session, deps.now())]


def old_inbound_mail(session: Session, deps: Deps) -> Keys:
    """Workspaces with Smart BCC mail that was settled a month ago."""
    return [(one,) for one in inbound_mails.with_old(session, deps.now())]


DUTIES: dict[str, Duty] = {
    "sync": Duty(timedelta(seconds=10), JobName.SYNC_MAILBOX, overdue_syncs),
    "import": Duty(timedelta(seconds=5), JobName.IMPORT_MAILBOX, open_imports),
    "lists": Duty(timedelta(seconds=5), JobName.GO_ON_WITH_LIST, waiting_lists),
    "inbound": Duty(timedelta(seconds=10), JobName.FILE_INBOUND, inbound_mail),
    "old-inbound": Duty(timedelta(hours=6), JobName.FILE_INBOUND, old_inbound_mail),
    "send": Duty(timedelta(seconds=5), JobName.SEND_MAILBOX, due_mail),
    "doubts": Duty(timedelta(seconds=30), JobName.SETTLE_DOUBTS, doubtful_mail),
    "push": Duty(timedelta(seconds=10), JobName.RENEW_WATCH, lost_pushes),
    "watch": Duty(timedelta(minutes=10), JobName.RENEW_WATCH, ending_watches),
    "addresses": Duty(timedelta(minutes=10), JobName.READ_ADDRESSES, due_addresses),
    "blocked": Duty(timedelta(minutes=1), JobName.LOOK_AGAIN, blocked_mailboxes),
    "client": Duty(timedelta(minutes=1), JobName.CHECK_CLIENT, refused_client),
    "setup": Duty(timedelta(seconds=10), JobName.CHECK_SETUP, asked_checks),
    "redact": Duty(timedelta(minutes=1), JobName.REDACT_MAILBOX, unredacted),
    "audit": Duty(timedelta(minutes=5), JobName.AUDIT_MAILBOX, due_audits),
}


def do_duties(deps: Deps) -> int:
    """Run all due duties. Returns how many jobs were enqueued."""
    repair_times(deps)
    every = {name: duty.every for name, duty in DUTIES.items()}
    with deps.store.begin_global() as session:
        due = upkeep.due_duties(session, every, deps.now())
    asked = 0
    for name in due:
        duty = DUTIES[name]
        with deps.store.begin_global() as session:
            if not upkeep.claim_duty(session, name, every=duty.every, now=deps.now()):
                continue
            keys = duty.scan(session, deps)
        for key in keys:
            deps.jobs.enqueue(duty.job, *key)
        asked += len(keys)
    return asked


def beat(deps: Deps, name: str, role: str) -> None:
    """Record a heartbeat of this process."""
    with deps.store.begin_global() as session:
        upkeep.beat(session, name, role, deps.now(), ahead=deps.ahead())
