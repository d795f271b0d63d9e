"""What a job of a run carries about: which run it holds, and which mail the run is not for.

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

    Mail older than `told_by` should have been here already: a run that finds some tells how much.
    """

    run_id: ImportRunId
    owner: str
    floor: datetime | None
    told_by: datetime | None

    def hold(self, session: Session, now: datetime) -> bool:
        """Keep the run for ourselves. False once it was stopped or another process has it."""
        return import_runs.hold(session, self.run_id, self.owner, now)

    def is_outside(self, message: FetchedMessage) -> bool:
        """Whether the message is older than what is imported."""
        return self.floor is not None and message.internal_date < self.floor

    def is_missed(self, message: FetchedMessage) -> bool:
        """Whether live sync should have brought the message long ago."""
        return self.told_by is not None and message.internal_date < self.told_by

    def count(self, session: Session, progress: Progress, now: datetime) -> None:
        """Add to the run's progress."""
        import_runs.count(session, self.run_id, progress, now)
