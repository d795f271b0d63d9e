"""Keep what Google granted until its person has confirmed whose mailbox it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The address that was to be connected, and the sealed grant meanwhile."""
    op.add_column("oauth_attempts", sa.Column("wanted", sa.Text(), nullable=True))
    op.add_column("oauth_attempts", sa.Column("sealed_grant", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("oauth_attempts", "sealed_grant")
    op.drop_column("oauth_attempts", "wanted")
