"""Tasks of members, linked to the customer, conversation or message they are about."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.ids import AccountId, ContactId, ConversationId, MemberId, MessageId, TaskId
from backend.store.models.base import Base, Tenant

OPEN = text("done_at IS NULL AND deleted_at IS NULL")
DUE = "coalesce(due_on, 'infinity'::date)"


class Task(Tenant, Base):
    """A task. `answer_after` is set for "if they don't answer": a person's message in its
    conversation that is newer than this moment completes it, and `answered_by` names it.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "ix_tasks__assignee",
            "workspace_id",
            "assignee_id",
            text(DUE),
            "id",
            postgresql_where=OPEN,
        ),
        Index("ix_tasks__due", "workspace_id", text(DUE), "id", postgresql_where=OPEN),
        Index(
            "ix_tasks__done",
            "workspace_id",
            text("done_at DESC"),
            text("id DESC"),
            postgresql_where=text("done_at IS NOT NULL AND deleted_at IS NULL"),
        ),
        *(
            Index(
                f"ix_tasks__{name}",
                "workspace_id",
                name,
                text(DUE),
                "id",
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("account_id", "contact_id")
        ),
        *(
            Index(f"ix_tasks__{name}", name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("conversation_id", "message_id", "answered_by", "deleted_at")
        ),
    )

    id: Mapped[TaskId] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    answer_after: Mapped[datetime | None]
    assignee_id: Mapped[MemberId | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL")
    )
    account_id: Mapped[AccountId | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    contact_id: Mapped[ContactId | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="SET NULL")
    )
    conversation_id: Mapped[ConversationId | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    message_id: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    created_by: Mapped[MemberId]
    created_at: Mapped[datetime]
    done_by: Mapped[MemberId | None]
    done_at: Mapped[datetime | None]
    answered_by: Mapped[MessageId | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL")
    )
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class TaskComment(Tenant, Base):
    """A comment of a member on a task."""

    __tablename__ = "task_comments"
    __table_args__ = (Index("ix_task_comments__task_id", "workspace_id", "task_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[TaskId] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    author_id: Mapped[MemberId]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
