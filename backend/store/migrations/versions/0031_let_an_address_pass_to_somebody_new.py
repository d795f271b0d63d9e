"""Let an admin decide when a member's address comes with another Google account.

`claimed_by` is that account and `claimed_at` when it came; `address_ended_at` says since when the
address is no longer this member's, so that somebody new may have it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OLD, NEW = "uq_team_members__workspace_id_email_key", "uq_team_members__address"


def upgrade() -> None:
    """A team has few members: the index is made at once."""
    op.add_column("team_members", sa.Column("claimed_by", sa.Text()))
    op.add_column("team_members", sa.Column("claimed_at", sa.DateTime(timezone=True)))
    op.add_column("team_members", sa.Column("address_ended_at", sa.DateTime(timezone=True)))
    op.drop_constraint(OLD, "team_members")
    op.create_index(
        NEW,
        "team_members",
        ["workspace_id", "email_key"],
        unique=True,
        postgresql_where=sa.text("address_ended_at IS NULL"),
    )


def downgrade() -> None:
    """Only while no address has passed to somebody new."""
    op.drop_index(NEW, "team_members")
    op.create_unique_constraint(OLD, "team_members", ["workspace_id", "email_key"])
    for column in ("address_ended_at", "claimed_at", "claimed_by"):
        op.drop_column("team_members", column)
