"""Find lines of the audit log by who, what and when, and the sessions of a member."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NEWEST = sa.text("id DESC")
LOG: dict[str, list[str | sa.TextClause]] = {
    "ix_audit_log__actor_id": ["workspace_id", "actor_id", NEWEST],
    "ix_audit_log__action": ["workspace_id", "action", NEWEST],
    "ix_audit_log__happened_at": ["workspace_id", "happened_at"],
}
SESSIONS = "ix_web_sessions__who"


def upgrade() -> None:
    """Indexes alone."""
    for name, columns in LOG.items():
        op.create_index(name, "audit_log", columns)
    op.create_index(SESSIONS, "web_sessions", [sa.text("(data -> 'who'::text)")])


def downgrade() -> None:
    """Without them everything is found, only slower."""
    op.drop_index(SESSIONS, "web_sessions")
    for name in LOG:
        op.drop_index(name, "audit_log")
