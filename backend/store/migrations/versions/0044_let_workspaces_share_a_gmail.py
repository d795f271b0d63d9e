"""Let one Gmail account be connected in several workspaces, once in each.

Whether it may is a choice of the workspaces (D-28), which connecting checks behind a lock.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

INDEX, CONNECTED = (
    "uq_mailboxes__connected_sub",
    "connected_at IS NOT NULL AND disconnected_at IS NULL",
)


def upgrade() -> None:
    """The index still finds an account in all workspaces."""
    _index(["google_sub", "workspace_id"])


def downgrade() -> None:
    """Fails while an account is connected twice: disconnect it first."""
    _index(["google_sub"])


def _index(columns: list[str]) -> None:
    op.drop_index(INDEX, "mailboxes")
    where = sa.text(CONNECTED)
    op.create_index(INDEX, "mailboxes", columns, unique=True, postgresql_where=where)
