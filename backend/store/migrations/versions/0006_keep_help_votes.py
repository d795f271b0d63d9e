"""Keep what members say of the help pages: did this help?"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, close_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each member and page, closed to other tenants like the rest."""
    op.create_table(
        "help_votes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["team_members.id"],
            name=op.f("fk_help_votes__member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_help_votes__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "topic", name=op.f("pk_help_votes")),
    )
    for statement in (*close_table("help_votes"), *allow_app("help_votes")):
        op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("help_votes")
