"""Note how far each machine's clock is ahead, and which job is at a message to be fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In seconds; by the job's own name for itself."""
    column = sa.Column("clock_ahead", sa.Float(), server_default="0", nullable=False)
    op.add_column("heartbeats", column)
    op.add_column("to_fetch", sa.Column("claimed_by", sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("to_fetch", "claimed_by")
    op.drop_column("heartbeats", "clock_ahead")
