"""Count how ways to Google ended: nobody can see from here that Google refused somebody there."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each day, member, purpose and outcome; 0 where nobody is known."""
    op.create_table(
        "consent_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "day",
            "workspace_id",
            "member_id",
            "purpose",
            "outcome",
            name=op.f("pk_consent_counts"),
        ),
    )
    for statement in allow_app("consent_counts"):
        op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("consent_counts")
