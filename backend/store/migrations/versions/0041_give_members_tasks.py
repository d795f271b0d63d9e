"""Give members tasks, linked to customers, conversations and messages, with comments."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TASKS, COMMENTS = "tasks", "task_comments"
OPEN = sa.text("done_at IS NULL AND deleted_at IS NULL")
DUE = "coalesce(due_on, 'infinity'::date)"
LINKS = {
    "assignee_id": "team_members",
    "account_id": "accounts",
    "contact_id": "contacts",
    "conversation_id": "conversations",
    "message_id": "messages",
    "answered_by": "messages",
}


def upgrade() -> None:
    """Two new tables, closed to other tenants."""
    op.create_table(
        TASKS,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("answer_after", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.BigInteger) for name in LINKS),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.BigInteger),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", name],
                [f"{table}.workspace_id", f"{table}.id"],
                name=op.f(f"fk_{TASKS}__workspace_id_{name}"),
                ondelete=f"SET NULL ({name})",
            )
            for name, table in LINKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{TASKS}__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TASKS}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{TASKS}__workspace_id_id")),
    )
    op.create_table(
        COMMENTS,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("task_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "task_id"],
            [f"{TASKS}.workspace_id", f"{TASKS}.id"],
            name=op.f(f"fk_{COMMENTS}__workspace_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{COMMENTS}__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{COMMENTS}")),
    )
    create_indexes()
    for table in (TASKS, COMMENTS):
        for statement in (*close_table(table), *allow_app(table)):
            op.execute(statement)
    for statement in allow_sequences():
        op.execute(statement)


def create_indexes() -> None:
    """The lists of tasks, and the links that a deletion follows."""
    due = (sa.text(DUE), "id")
    op.create_index(
        "ix_tasks__assignee",
        TASKS,
        ["workspace_id", "assignee_id", *due],
        postgresql_where=OPEN,
    )
    op.create_index("ix_tasks__due", TASKS, ["workspace_id", *due], postgresql_where=OPEN)
    op.create_index(
        "ix_tasks__done",
        TASKS,
        ["workspace_id", sa.text("done_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text("done_at IS NOT NULL AND deleted_at IS NULL"),
    )
    for name in ("account_id", "contact_id"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_tasks__{name}", TASKS, ["workspace_id", name, *due], postgresql_where=there
        )
    for name in ("conversation_id", "message_id", "answered_by", "deleted_at"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_tasks__{name}", TASKS, [name], postgresql_where=there)
    op.create_index(f"ix_{COMMENTS}__task_id", COMMENTS, ["workspace_id", "task_id", "id"])


def downgrade() -> None:
    """Forget all tasks."""
    op.drop_table(COMMENTS)
    op.drop_table(TASKS)
