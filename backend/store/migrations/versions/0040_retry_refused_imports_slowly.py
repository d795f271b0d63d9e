"""Remember how often Gmail refused an import in a row, and when it is retried.

A refusal of import calls alone never ends the connection, since live sync succeeds in between.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "import_runs"


def upgrade() -> None:
    """The columns."""
    op.add_column(
        TABLE, sa.Column("refusals", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.add_column(TABLE, sa.Column("look_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """As before."""
    op.drop_column(TABLE, "look_at")
    op.drop_column(TABLE, "refusals")
