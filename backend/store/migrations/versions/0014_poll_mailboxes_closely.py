"""Store when each mailbox is polled next and why, and which mail no notification announced."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (
    ("poll_at", sa.DateTime(timezone=True)),
    ("poll_because", sa.Text()),
    ("poll_since", sa.DateTime(timezone=True)),
    ("unannounced", sa.Numeric(20)),
    ("unannounced_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Without a time, a mailbox is polled a quarter of an hour after it was connected."""
    for name, kind in COLUMNS:
        op.add_column("mailboxes", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Forget it."""
    for name, _ in reversed(COLUMNS):
        op.drop_column("mailboxes", name)
