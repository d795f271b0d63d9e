"""The run that a job holds, and which messages are outside it.

Separate from draining, because live sync drains without a run.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import ImportRunId
from backend.domain.mail.message import FetchedMessage
from backend.store import import_runs
from backend.store.import_runs import Progress


@dataclass(frozen=True, kw_only=True)
class ImportRunContext:
    """A run held by this process. Mail older than `floor` is left out as outside the import.

    Mail older than `expected_before` should have been captured already: a run counts such mail.
    """

    run_id: ImportRunId
    owner: str
    floor: datetime | None
    expected_before: datetime | None

    def hold(self, session: Session, now: datetime) -> bool:
        """Renew our hold of the run. False once it was stopped or another process has it."""
        return import_runs.hold(session, self.run_id, self.owner, now)

    def is_outside(self, message: FetchedMessage) -> bool:
        """Whether the message is older than the import's reach."""
        return self.floor is not None and message.internal_date < self.floor

    def is_missed(self, message: FetchedMessage) -> bool:
        """Whether live sync should have captured the message long ago."""
        return self.expected_before is not None and message.internal_date < self.expected_before

    def count(self, session: Session, progress: Progress, now: datetime) -> None:
        """Add to the run's progress."""
        import_runs.count(session, self.run_id, progress, now)
