"""Remember how often a mailbox failed in a row, what it was refused as, and why its mail rests.

A refusal counts once it is seen again, so what was refused must be known; pauses grow with the
number of failures, of reading and of sending apart.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "mailboxes"


def upgrade() -> None:
    """The columns."""
    for name in ("troubles", "send_troubles"):
        op.add_column(TABLE, sa.Column(name, sa.SmallInteger(), nullable=False, server_default="0"))
    for name in ("refused_as", "send_paused_because", "send_paused_answer"):
        op.add_column(TABLE, sa.Column(name, sa.Text()))


def downgrade() -> None:
    """As before."""
    for name in ("send_paused_answer", "send_paused_because", "refused_as"):
        op.drop_column(TABLE, name)
    for name in ("send_troubles", "troubles"):
        op.drop_column(TABLE, name)
