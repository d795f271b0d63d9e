"""A customer list that somebody uploaded, as its page and the list of lists show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.customers.lists import AT_WORK, WRITTEN, ListState
from backend.domain.ids import CustomerListId


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A column of the file: its name, its first cells, and what it was chosen to say."""

    name: str
    samples: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True)
class ListFinding:
    """A finding about a line. `kind` is wrong, left or note."""

    line: int
    kind: str
    says: str


@dataclass(frozen=True, kw_only=True)
class ListKept:
    """Something that an undo left as it is, and why. `kind` is contact or account."""

    kind: str
    id: int
    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class CustomerListSummary:
    """Everything but the file. `counts` is what the check found, `written` what was done."""

    id: CustomerListId
    state: ListState
    file_name: str
    product: str
    encoding: str
    separator: str
    columns: tuple[ListColumn, ...]
    rows: int
    rows_done: int
    counts: Mapping[str, int]
    written: Mapping[str, int]
    findings: tuple[ListFinding, ...]
    kept: tuple[ListKept, ...]
    trouble: str | None
    uploaded_by: str | None
    uploaded_at: datetime
    finished_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    has_file: bool
    mine: bool

    @property
    def at_work(self) -> bool:
        """Whether a worker has to process it."""
        return self.state in AT_WORK

    @property
    def can_be_undone(self) -> bool:
        """Whether something of it is written, and the way back is kept."""
        return self.state in WRITTEN and self.has_file and bool(self.written)

    @property
    def steps(self) -> int:
        """Lines that the step at work has before it."""
        if self.state is ListState.RUNNING:
            return self.counts.get("good", self.rows)
        return self.written.get("lines", 0) if self.state is ListState.UNDOING else self.rows
