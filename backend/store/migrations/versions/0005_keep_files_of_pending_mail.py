"""Keep the files of pending mail, with their bytes out of the way of every list."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table, its index, and its row-level security."""
    op.create_table(
        "pending_files",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("pending_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pending_id"],
            ["pending_messages.id"],
            name=op.f("fk_pending_files__pending_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_pending_files__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_files")),
    )
    op.create_index("ix_pending_files__pending_id", "pending_files", ["pending_id"], unique=False)
    for statement in (
        *close_table("pending_files"),
        *allow_app("pending_files"),
        *allow_sequences(),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Without the files."""
    op.drop_table("pending_files")
