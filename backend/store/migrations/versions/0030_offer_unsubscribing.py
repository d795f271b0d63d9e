"""Let a workspace offer to unsubscribe in its mail, and keep by which mail somebody did."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WHICH_MAIL = "fk_suppressions__workspace_id_pending_id"


def upgrade() -> None:
    """Off until an admin switches it on. Mail that waits already makes no offer."""
    op.add_column("workspaces", sa.Column("unsubscribes_on_at", sa.DateTime(timezone=True)))
    op.add_column("workspaces", sa.Column("unsubscribes_on_by", sa.BigInteger()))
    for name, default in (("prefix", "Rather not hear from us?"), ("link_text", "Unsubscribe")):
        column = sa.Column(f"unsubscribe_{name}", sa.Text(), server_default=default, nullable=False)
        op.add_column("workspaces", column)
    op.add_column("pending_messages", sa.Column("unsubscribe_offer", sa.Text()))
    op.add_column("suppressions", sa.Column("pending_id", sa.Uuid()))
    op.create_foreign_key(
        WHICH_MAIL,
        "suppressions",
        "pending_messages",
        ["workspace_id", "pending_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (pending_id)",
    )
    op.create_index(
        "ix_suppressions__pending_id",
        "suppressions",
        ["pending_id"],
        postgresql_where=sa.text("pending_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Forget all of it; who unsubscribed stays unsubscribed."""
    op.drop_index("ix_suppressions__pending_id", "suppressions")
    op.drop_constraint(WHICH_MAIL, "suppressions")
    op.drop_column("suppressions", "pending_id")
    op.drop_column("pending_messages", "unsubscribe_offer")
    for name in ("unsubscribe_link_text", "unsubscribe_prefix"):
        op.drop_column("workspaces", name)
    op.drop_column("workspaces", "unsubscribes_on_by")
    op.drop_column("workspaces", "unsubscribes_on_at")
