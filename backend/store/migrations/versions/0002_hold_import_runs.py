"""Let runs go back to a moment, be held by one process, and tell what had been missed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns."""
    op.add_column("import_runs", sa.Column("since", MOMENT, nullable=True))
    op.add_column(
        "import_runs", sa.Column("missed", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("import_runs", sa.Column("lease_owner", sa.Text(), nullable=True))
    op.add_column("import_runs", sa.Column("lease_until", MOMENT, nullable=True))


def downgrade() -> None:
    """Take them away."""
    for column in ("lease_until", "lease_owner", "missed", "since"):
        op.drop_column("import_runs", column)
