"""Let a mailbox that an address such as support@ has take in all mail."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a mailbox takes in; until now it was known contacts for all."""
    op.add_column(
        "mailboxes", sa.Column("capture", sa.Text(), server_default="matched", nullable=False)
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("mailboxes", "capture")
