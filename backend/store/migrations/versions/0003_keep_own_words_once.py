"""Let a message's own words be empty where they are its whole text. What is stored stays."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow it."""
    op.alter_column("message_bodies", "reply_text", nullable=True)


def downgrade() -> None:
    """Fill them in again, for every tenant: so the owner must pass row-level security once."""
    op.execute("ALTER TABLE message_bodies NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE message_bodies SET reply_text = text WHERE reply_text IS NULL")
    op.execute("ALTER TABLE message_bodies FORCE ROW LEVEL SECURITY")
    op.alter_column("message_bodies", "reply_text", nullable=False)
