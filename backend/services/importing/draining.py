"""Fetching and filing what is on a mailbox's list: 25 at a time, each batch in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from backend.domain.capture import UNREAD
from backend.domain.capture_facts import Unread
from backend.domain.capture_outcome import Keep
from backend.domain.ids import ImportRunId
from backend.domain.message import FetchedMessage
from backend.errors import MessageGone, RapportError, TryLater
from backend.services.deps import Deps
from backend.services.importing.opening import Box
from backend.store import fetching, import_runs
from backend.store.capture import Captured, Place, capture
from backend.store.capture.decisions import Verdict, note
from backend.store.fetching import MOST_ATTEMPTS, Claimed
from backend.store.import_runs import Progress

if TYPE_CHECKING:
    from backend.google.gmail import Fetched, GmailMailbox

log = structlog.get_logger(__name__)

BATCH = 25
"""Messages of one batch, as many as Gmail takes at once."""

BUDGET = 50.0
"""Seconds after which a job ends and leaves the rest to the next, so that mailboxes take turns."""

RETRY_PART = timedelta(seconds=5)
"""When a message is asked for again whose part of a batch failed."""


@dataclass(kw_only=True)
class Drain:
    """One job's work on a mailbox's list, along some paths."""

    deps: Deps
    box: Box
    gmail: "GmailMailbox"
    paths: Sequence[str]
    run_id: ImportRunId | None = None
    started: float = field(default_factory=monotonic)

    def run(self) -> bool:
        """Work until nothing is left or the time is over. Returns whether nothing is left."""
        while monotonic() - self.started < BUDGET:
            with self.deps.store.begin(self.box.workspace_id) as session:
                claimed = fetching.claim(
                    session, self.box.mailbox_id, self.paths, count=BATCH, now=self.deps.now()
                )
            if not claimed:
                return True
            for killer in (one for one in claimed if one.attempts > MOST_ATTEMPTS):
                self._set_aside(killer, "the worker ended each time it was read")
            self._work_on([one for one in claimed if one.attempts <= MOST_ATTEMPTS])
        return False

    def _work_on(self, claimed: Sequence[Claimed]) -> None:
        if not claimed:
            return
        ids = [one.gmail_id for one in claimed]
        try:
            answers = self.gmail.fetch(ids)
        except RapportError as error:
            after = getattr(error, "after", None) or self.deps.now() + RETRY_PART
            self._put_back(ids, after)
            raise
        try:
            self._file(claimed, answers)
        except Exception:  # one message must not stop the others: each by itself
            log.exception("batch_failed", mailbox_id=self.box.mailbox_id, size=len(ids))
            for one in claimed:
                self._file_alone(one, answers)

    def _file_alone(self, claimed: Claimed, answers: "Mapping[str, Fetched]") -> None:
        try:
            self._file([claimed], answers)
        except TryLater:
            raise
        except Exception as error:  # set aside after the third time, and shown
            log.exception("message_failed", mailbox_id=self.box.mailbox_id)
            if claimed.attempts >= MOST_ATTEMPTS:
                self._set_aside(claimed, type(error).__name__)

    def _file(self, claimed: Sequence[Claimed], answers: "Mapping[str, Fetched]") -> None:
        """Write down every message that came, and take it off the list in the same transaction."""
        fetched = [a for a in answers.values() if isinstance(a, FetchedMessage)]
        wanted = {one.gmail_id for one in claimed}
        fetched = [one for one in fetched if one.gmail_id in wanted]
        gone = [i for i in wanted if isinstance(answers.get(i), MessageGone)]
        later = wanted - {one.gmail_id for one in fetched} - set(gone)
        place = self._place(claimed[0].path)
        with self.deps.store.begin(self.box.workspace_id) as session:
            captured = capture(session, place, fetched)
            verdict = UNREAD[Unread.GONE]
            note(session, place, [Verdict(gmail_id=one, decision=verdict) for one in gone])
            fetching.done(session, self.box.mailbox_id, [*(o.gmail_id for o in fetched), *gone])
            if self.run_id is not None:
                progress = progress_of(captured, gone)
                import_runs.count(session, self.run_id, progress, self.deps.now())
        if later:
            self._put_back(sorted(later), self.deps.now() + RETRY_PART)

    def _set_aside(self, claimed: Claimed, detail: str) -> None:
        place = self._place(claimed.path)
        with self.deps.store.begin(self.box.workspace_id) as session:
            decision = UNREAD[Unread.CANNOT_PARSE]
            note(session, place, [Verdict(gmail_id=claimed.gmail_id, decision=decision)])
            fetching.set_aside(session, self.box.key, claimed, detail=detail, now=self.deps.now())
            fetching.done(session, self.box.mailbox_id, [claimed.gmail_id])
            if self.run_id is not None:
                progress = Progress(scanned=1, failed=1)
                import_runs.count(session, self.run_id, progress, self.deps.now())

    def _put_back(self, ids: Sequence[str], until: datetime) -> None:
        with self.deps.store.begin(self.box.workspace_id) as session:
            fetching.put_back(session, self.box.mailbox_id, ids, until)

    def _place(self, path: str) -> Place:
        return Place(
            workspace_id=self.box.workspace_id,
            mailbox_id=self.box.mailbox_id,
            path=path,
            now=self.deps.now(),
            keyed_hash=self.deps.keyed_hash,
        )


def progress_of(captured: Sequence[Captured], gone: Sequence[str]) -> Progress:
    """What a batch adds to an import's progress."""
    return Progress(
        scanned=len(captured) + len(gone),
        kept=sum(isinstance(one.decision, Keep) for one in captured),
        oldest_at=min((one.sent_at for one in captured), default=None),
    )
