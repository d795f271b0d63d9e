"""Let each member choose for how long a mail can be taken back, and keep until when one can."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In seconds; a mail with a date of its own has no such moment."""
    seconds = sa.Column("undo_seconds", sa.SmallInteger(), server_default="10", nullable=False)
    op.add_column("team_members", seconds)
    op.add_column("pending_messages", sa.Column("undo_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("pending_messages", "undo_until")
    op.drop_column("team_members", "undo_seconds")
