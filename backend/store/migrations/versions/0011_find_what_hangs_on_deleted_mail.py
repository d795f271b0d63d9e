"""Index the references to deleted messages: taking a logged message back waits for them.

Postgres looks for references to each deleted row, and would read both tables from end to end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_notes__conversation", "notes", "conversation_id"),
    ("ix_pending_messages__parent", "pending_messages", "parent_message_id"),
)


def upgrade() -> None:
    """Few rows have either, and only those are in the index."""
    for name, table, column in INDEXES:
        op.create_index(name, table, [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))


def downgrade() -> None:
    """Without them."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
