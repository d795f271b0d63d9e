"""Let each address choose whether replies repeat the earlier mails."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty: as the workspace chose."""
    op.add_column("mailboxes", sa.Column("reply_quote", sa.Text()))


def downgrade() -> None:
    """As the workspace chose, everywhere."""
    op.drop_column("mailboxes", "reply_quote")
