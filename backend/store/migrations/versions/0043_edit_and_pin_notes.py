"""Let notes be edited, pinned and deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TIMES = ("edited_at", "pinned_at", "deleted_at")


def upgrade() -> None:
    """New columns are empty, so nothing is rewritten."""
    for name in TIMES:
        op.add_column("notes", sa.Column(name, sa.DateTime(timezone=True)))
    version = sa.Column("version", sa.Integer, server_default="1", nullable=False)
    op.add_column("notes", version)
    for name in ("account", "contact"):
        op.create_index(
            f"ix_notes__pinned_{name}",
            "notes",
            ["workspace_id", f"{name}_id"],
            postgresql_where=sa.text("pinned_at IS NOT NULL"),
        )


def downgrade() -> None:
    """Deleted notes come back."""
    for name in ("account", "contact"):
        op.drop_index(f"ix_notes__pinned_{name}", "notes")
    for name in (*TIMES, "version"):
        op.drop_column("notes", name)
