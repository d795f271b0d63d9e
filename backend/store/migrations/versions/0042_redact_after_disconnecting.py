"""Remember until when a disconnected mailbox's mail loses its text, and when that was done."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INDEX = "ix_mailboxes__redacting"


def upgrade() -> None:
    """Both columns are empty, so nothing is rewritten."""
    for name in ("redact_until", "redacted_at"):
        op.add_column("mailboxes", sa.Column(name, sa.DateTime(timezone=True)))
    op.create_index(
        INDEX,
        "mailboxes",
        ["workspace_id", "id"],
        postgresql_where=sa.text("redact_until IS NOT NULL AND redacted_at IS NULL"),
    )


def downgrade() -> None:
    """What was redacted stays so."""
    op.drop_index(INDEX, "mailboxes")
    for name in ("redact_until", "redacted_at"):
        op.drop_column("mailboxes", name)
