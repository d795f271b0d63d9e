"""People whom a member does not want suggested as contacts: keyed hashes, nothing readable."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, close_table

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "ignored_people"


def upgrade() -> None:
    """An empty table, closed to other tenants."""
    op.create_table(
        TABLE,
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("person_hash", sa.LargeBinary, nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.PrimaryKeyConstraint("member_id", "person_hash", name=op.f(f"pk_{TABLE}")),
    )
    for statement in (*close_table(TABLE), *allow_app(TABLE)):
        op.execute(statement)


def downgrade() -> None:
    """Suggest everybody again."""
    op.drop_table(TABLE)
