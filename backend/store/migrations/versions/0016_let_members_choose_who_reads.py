"""Let the owner of a mailbox choose how much of it the team may read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All of it, as before, until somebody chooses."""
    op.add_column(
        "mailboxes", sa.Column("sharing", sa.Text(), nullable=False, server_default="full")
    )
    op.create_check_constraint(
        "ck_mailboxes__sharing", "mailboxes", "sharing IN ('metadata', 'subject', 'full')"
    )


def downgrade() -> None:
    """As before."""
    op.drop_constraint("ck_mailboxes__sharing", "mailboxes", type_="check")
    op.drop_column("mailboxes", "sharing")
