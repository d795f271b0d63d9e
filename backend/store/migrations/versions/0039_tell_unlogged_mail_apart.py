"""Remember mail that somebody took out for good by more than its Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INDEX = "ix_decisions__unlogged_hash"


def upgrade() -> None:
    """The column is empty in all rows, so nothing is rewritten and the index is small."""
    op.add_column("decisions", sa.Column("unlogged_hash", sa.LargeBinary))
    op.create_index(
        INDEX,
        "decisions",
        ["workspace_id", "unlogged_hash"],
        postgresql_where=sa.text("unlogged_hash IS NOT NULL"),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_index(INDEX, "decisions")
    op.drop_column("decisions", "unlogged_hash")
