"""Tasks as lists, pages and cards show them."""

from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.ids import ConversationId, TaskId
from backend.domain.summaries.people import AccountLine, ContactLine, MemberLine
from backend.domain.tasks import Due


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One task. `awaits_answer`: a person's answer in its conversation completes it; `answered_by`
    is who did. `conversation` is the subject as this reader may read it.
    """

    id: TaskId
    title: str
    due_on: date | None
    due: Due
    awaits_answer: bool
    assignee: MemberLine | None
    account: AccountLine | None
    contact: ContactLine | None
    conversation_id: ConversationId | None
    conversation: str
    done_at: datetime | None
    done_by: str | None
    answered_by: str | None
    version: int


@dataclass(frozen=True, kw_only=True)
class TaskComment:
    """A comment on a task."""

    author: str
    text: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """One task with its comments."""

    line: TaskLine
    created_by: str
    created_at: datetime
    deleted_at: datetime | None
    comments: tuple[TaskComment, ...]


@dataclass(frozen=True, kw_only=True)
class TaskSection:
    """The open tasks about something: the first ones, and how many there are."""

    lines: tuple[TaskLine, ...]
    total: int | None


@dataclass(frozen=True, kw_only=True)
class PanelTask:
    """A task as the side panel shows it. `due_on` is a day of the reader's calendar."""

    id: TaskId
    title: str
    due_on: date | None
    awaits_answer: bool
    assignee: str | None
