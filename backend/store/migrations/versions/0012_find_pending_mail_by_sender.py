"""Find pending mail by its sender and by its click along indexes, and put right departures that
lie ahead.

One click queues one mail at most, and now Postgres says so too. Nothing has left later than now: a
departure with a foreign date in the future kept a mailbox from sending until then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "pending_messages"


def upgrade() -> None:
    """The indexes; and for every tenant the departures, so the owner passes row security once."""
    open_state = sa.text("state NOT IN ('sent', 'cancelled', 'discarded')")
    columns = ["mailbox_id", "due_at", "id"]
    op.create_index("ix_pending_messages__sender", TABLE, columns, postgresql_where=open_state)
    op.create_index("uq_pending_messages__nonce", TABLE, ["author_id", "nonce"], unique=True)
    op.execute("ALTER TABLE departures NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE departures SET left_at = now() WHERE left_at > now()")
    op.execute("ALTER TABLE departures FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Without the indexes."""
    op.drop_index("uq_pending_messages__nonce", TABLE)
    op.drop_index("ix_pending_messages__sender", TABLE)
