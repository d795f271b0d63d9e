"""Remember what went to whom when somebody left the team, so that it can be given back."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, close_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE = "handed_over"


def upgrade() -> None:
    """A row for each thing, closed to other tenants like the rest."""
    op.create_table(
        TABLE,
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("heir_id", sa.BigInteger),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["team_members.workspace_id", "team_members.id"],
            name=op.f(f"fk_{TABLE}__workspace_id_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{TABLE}__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "kind", "item", name=op.f(f"pk_{TABLE}")),
    )
    for statement in (*close_table(TABLE), *allow_app(TABLE)):
        op.execute(statement)


def downgrade() -> None:
    """Forget it."""
    op.drop_table(TABLE)
