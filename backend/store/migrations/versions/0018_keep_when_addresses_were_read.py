"""Keep when a mailbox's further addresses were read; nothing means that they are to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mailboxes connected before are read once more."""
    op.add_column("mailboxes", sa.Column("own_addresses_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("mailboxes", "own_addresses_at")
