"""Fetches and files what is on a mailbox's list: 25 at a time, each batch in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

import structlog
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.rule import UNREAD, Keep, Unread
from backend.domain.ids import MailboxKey
from backend.domain.incoming import Incoming, Where
from backend.domain.mail.message import FetchedMessage
from backend.errors import (
    MailboxTrouble,
    MessageGone,
    ProviderUnavailable,
    RapportError,
    RateLimited,
    TooCostly,
    TryLater,
)
from backend.services.capture import capture, note_outside, note_unread
from backend.services.importing.own_addresses import OwnSenders
from backend.services.importing.run_context import ImportRunContext
from backend.services.replanning import replan_if_stopped
from backend.store import elsewhere, fetching
from backend.store.fetching import MOST_ATTEMPTS, Claimed
from backend.store.import_runs import Progress

if TYPE_CHECKING:
    from backend.google.deferred import Fetched
    from backend.google.gmail import GmailMailbox

log = structlog.get_logger(__name__)

BATCH = 25
"""Messages of one batch, the most Gmail accepts at once."""

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next, so that mailboxes take turns."""

RETRY_PART = timedelta(seconds=5)
"""When messages whose parts of a batch failed are retried."""

RETRY_ALONE = (RETRY_PART, timedelta(minutes=2), timedelta(minutes=30))
"""The same for a message that failed while others succeeded, or was the only one, after each
attempt but the last. Some messages Gmail never returns: they are set aside, and later runs retry
them.
"""

LEFT_OUT = ProviderUnavailable("Gmail left this message out of its answer.")


Hold: TypeAlias = Callable[[Session, datetime], bool]
"""Whether we still hold the work. Checked in each transaction that takes more of it."""


class Ended(StrEnum):
    """How a drain ended: nothing left, time over or process stopping, or the lease lost."""

    EMPTY = "empty"
    TIME_OVER = "time_over"
    STOPPED = "stopped"


@dataclass(kw_only=True)
class Drain:
    """One job's work on a mailbox's list, along some paths; with an `errand`, for a run."""

    deps: Deps
    key: MailboxKey
    gmail: "GmailMailbox"
    paths: Sequence[str]
    hold: Hold
    owner: str
    context: ImportRunContext | None = None
    started: float = field(default_factory=monotonic)
    senders: OwnSenders = field(init=False)

    def __post_init__(self) -> None:
        """No sender has been checked yet."""
        self.senders = OwnSenders(deps=self.deps, key=self.key, gmail=self.gmail)

    def run(self) -> Ended:
        """Work until nothing is left or the time is over."""
        while self.has_time():
            claimed = self._claim()
            if claimed is None:
                return Ended.STOPPED
            if not claimed:
                return Ended.EMPTY
            for killer in (one for one in claimed if one.attempts > MOST_ATTEMPTS):
                self._set_aside(killer, "the worker ended each time it was read")
            self._work_on([one for one in claimed if one.attempts <= MOST_ATTEMPTS])
        return Ended.TIME_OVER

    def has_time(self) -> bool:
        """Whether the job may begin another batch."""
        return monotonic() - self.started < BUDGET and not self.deps.stopping()

    def _claim(self) -> Sequence[Claimed] | None:
        now = self.deps.now()
        with self.deps.store.begin(self.key.workspace_id) as session:
            if not self.hold(session, now):
                return None
            return fetching.claim(
                session, self.key.mailbox_id, self.paths, owner=self.owner, count=BATCH, now=now
            )

    def _work_on(self, claimed: Sequence[Claimed]) -> None:
        if not claimed:
            return
        try:
            answers = self.gmail.fetch([one.gmail_id for one in claimed])
        except RapportError as error:
            self._put_back(claimed, error)
            raise
        self.senders.look_at(answers.values())
        read = [one for one in claimed if is_settled(answers.get(one.gmail_id))]
        self._file_all(read, answers)
        self._leave([one for one in claimed if one not in read], answers)

    def _file_all(self, read: Sequence[Claimed], answers: "Mapping[str, Fetched]") -> None:
        """File a batch. One message must not stop the others: then each is filed by itself, but for
        the one that is known to cost too much.
        """
        rest = read
        try:
            self._file(read, answers)
            rest = []
        except TooCostly as error:
            rest = [one for one in read if one.gmail_id != error.gmail_id]
            for one in set(read).difference(rest):
                self._set_aside(one, error.sentence)
        except Exception:
            log.exception("batch_failed", mailbox_id=self.key.mailbox_id, size=len(read))
        for one in rest:
            self._file_alone(one, answers)

    def _file_alone(self, claimed: Claimed, answers: "Mapping[str, Fetched]") -> None:
        try:
            self._file([claimed], answers)
        except TryLater:
            raise
        except TooCostly as error:
            self._set_aside(claimed, error.sentence)
        except Exception as error:  # set aside after the last attempt, and shown
            log.exception("message_failed", mailbox_id=self.key.mailbox_id)
            if claimed.attempts >= MOST_ATTEMPTS:
                self._set_aside(claimed, type(error).__name__)

    def _file(self, claimed: Sequence[Claimed], answers: "Mapping[str, Fetched]") -> None:
        """File every message that came, and take it off the list in the same transaction."""
        if not claimed:
            return
        where = self._where(claimed[0].path, self._answered_elsewhere(answers))
        with self.deps.store.begin(self.key.workspace_id) as session:
            if not self._has_run(session):
                return
            held = fetching.done(session, self.key.mailbox_id, claimed, owner=self.owner)
            ids = [one.gmail_id for one in claimed if one.gmail_id in held]
            messages = [a for i in ids if isinstance(a := answers[i], FetchedMessage)]
            outside = [one for one in messages if self.context and self.context.is_outside(one)]
            fetched = [one for one in messages if one not in outside]
            gone = [i for i in ids if isinstance(answers[i], MessageGone)]
            mails = capture(session, where, fetched)
            replan_if_stopped(session, self.deps, self.key.workspace_id, mails)
            note_outside(session, where, outside)
            note_unread(session, where, dict.fromkeys(gone, UNREAD[Unread.GONE]))
            self._count(session, mails, len(ids), fetched)

    def _count(
        self,
        session: Session,
        mails: Sequence[Incoming],
        scanned: int,
        fetched: Sequence[FetchedMessage],
    ) -> None:
        if self.context is None:
            return
        progress = Progress(
            scanned=scanned,
            kept=sum(isinstance(one.decision, Keep) for one in mails),
            missed=sum(map(self.context.is_missed, fetched)),
            oldest_at=min((one.sent_at for one in mails), default=None),
        )
        self.context.count(session, progress, self.deps.now())

    def _leave(self, claimed: Sequence[Claimed], answers: "Mapping[str, Fetched]") -> None:
        """What Gmail did not return: retried later when it is not the message's fault, else set
        aside.
        """
        errors = {one: error_of(answers.get(one.gmail_id)) for one in claimed}
        outage = len(answers) > 1 and len(errors) == len(answers)
        for one, error in errors.items():
            if isinstance(error, RateLimited | MailboxTrouble) or (
                outage and isinstance(error, TryLater)
            ):
                self._put_back([one], error)
            elif one.attempts >= MOST_ATTEMPTS or isinstance(error, TooCostly):
                self._set_aside(one, error.sentence)
            else:
                self._postpone(one, RETRY_ALONE[one.attempts - 1])
        for error in errors.values():
            if isinstance(error, RateLimited | MailboxTrouble):
                raise error

    def _set_aside(self, claimed: Claimed, detail: str) -> None:
        where = self._where(claimed.path)
        with self.deps.store.begin(self.key.workspace_id) as session:
            if not self._has_run(session):
                return
            if not fetching.done(session, self.key.mailbox_id, [claimed], owner=self.owner):
                return
            note_unread(session, where, {claimed.gmail_id: UNREAD[Unread.CANNOT_PARSE]})
            fetching.set_aside(session, self.key, claimed, detail=detail, now=self.deps.now())
            if self.context is not None:
                self.context.count(session, Progress(scanned=1, failed=1), self.deps.now())

    def _has_run(self, session: Session) -> bool:
        """Whether the run continues. Its row is locked before those of the list, as in stopping
        it.
        """
        return self.context is None or self.context.hold(session, self.deps.now())

    def _put_back(self, claimed: Sequence[Claimed], error: RapportError) -> None:
        until = getattr(error, "after", None) or self.deps.now() + RETRY_PART
        ids = [one.gmail_id for one in claimed]
        with self.deps.store.begin(self.key.workspace_id) as session:
            fetching.put_back(session, self.key.mailbox_id, ids, until)

    def _postpone(self, claimed: Claimed, pause: timedelta) -> None:
        with self.deps.store.begin(self.key.workspace_id) as session:
            until = self.deps.now() + pause
            fetching.postpone(session, self.key.mailbox_id, claimed.gmail_id, until)

    def _answered_elsewhere(self, answers: "Mapping[str, Fetched]") -> frozenset[str] | None:
        """The threads of what left, if another workspace answers them (D-28). Mail that came in is
        shown in all workspaces, so nobody is asked about it.
        """
        mails = [one for one in answers.values() if isinstance(one, FetchedMessage)]
        threads = sorted({one.thread_id for one in mails if "SENT" in one.label_ids})
        if not threads:
            return None
        with self.deps.store.begin_global() as session:
            now = self.deps.now()
            return elsewhere.threads_answered(session, self.key.mailbox_id, threads, now)

    def _where(self, path: str, answered: frozenset[str] | None = None) -> Where:
        return Where(
            workspace_id=self.key.workspace_id,
            mailbox_id=self.key.mailbox_id,
            path=path,
            now=self.deps.now(),
            hashed=self.deps.hashed_in(self.key.workspace_id),
            capture_domain=self.deps.capture_domain or "",
            answered_elsewhere=answered,
        )


def is_settled(answer: "Fetched | None") -> bool:
    """Whether there is something to file: the message, or that it is gone."""
    return isinstance(answer, FetchedMessage | MessageGone)


def error_of(answer: "Fetched | None") -> RapportError:
    """Why there is no message."""
    return answer if isinstance(answer, RapportError) else LEFT_OUT
