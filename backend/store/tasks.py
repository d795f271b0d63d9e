"""Tasks: written, locked, and completed by an answer. Lists of them are in `queries/tasks`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId, MessageId, TaskId
from backend.domain.people.actor import Actor
from backend.store.models import Task, TaskComment

KEPT_DELETED = timedelta(days=30)
"""How long a deleted task can be restored."""


@dataclass(frozen=True, kw_only=True)
class TaskPlace:
    """What a task is about; any of these, or nothing."""

    account_id: AccountId | None = None
    contact_id: ContactId | None = None
    conversation_id: ConversationId | None = None
    message_id: MessageId | None = None


@dataclass(frozen=True, kw_only=True)
class TaskFields:
    """What a task says. `answer_after`: an answer newer than this completes it."""

    title: str
    due_on: date | None
    assignee_id: MemberId | None
    answer_after: datetime | None = None


def add(
    session: Session, actor: Actor, place: TaskPlace, fields: TaskFields, now: datetime
) -> TaskId:
    """Insert a task."""
    row = Task(
        workspace_id=actor.workspace_id,
        title=fields.title,
        due_on=fields.due_on,
        assignee_id=fields.assignee_id,
        answer_after=fields.answer_after,
        account_id=place.account_id,
        contact_id=place.contact_id,
        conversation_id=place.conversation_id,
        message_id=place.message_id,
        created_by=actor.member_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def locked(session: Session, task_id: TaskId) -> Task | None:
    """A task, locked until the transaction ends."""
    query = select(Task).where(Task.id == task_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def comment(session: Session, actor: Actor, task_id: TaskId, text: str, now: datetime) -> None:
    """Insert a comment."""
    session.add(
        TaskComment(
            workspace_id=actor.workspace_id,
            task_id=task_id,
            author_id=actor.member_id,
            text=text,
            written_at=now,
        )
    )


def purge(session: Session, now: datetime) -> None:
    """Delete for good what the workspace deleted longer ago than it can be restored."""
    session.execute(delete(Task).where(Task.deleted_at < now - KEPT_DELETED))
