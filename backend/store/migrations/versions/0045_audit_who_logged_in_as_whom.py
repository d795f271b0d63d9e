"""Keep in the audit log which admin acted, where they were logged in as another member."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column is empty, so nothing is rewritten."""
    op.add_column("audit_log", sa.Column("behind_id", sa.BigInteger))


def downgrade() -> None:
    """Only the second name of each entry goes."""
    op.drop_column("audit_log", "behind_id")
