"""Let accounts and contacts be edited and archived, and remember who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLE = "record_edits"
SUBJECTS = {"account_id": "accounts", "contact_id": "contacts"}
OWNER = "fk_accounts__workspace_id_owner_id"


def upgrade() -> None:
    """New columns are empty, so nothing is rewritten; the table is closed to other tenants."""
    op.add_column("accounts", sa.Column("owner_id", sa.BigInteger))
    op.add_column("accounts", sa.Column("health_reason", sa.Text))
    op.add_column("contacts", sa.Column("phone", sa.Text))
    op.add_column(
        "contacts", sa.Column("is_admin", sa.Boolean, server_default=sa.false(), nullable=False)
    )
    op.add_column("contacts", sa.Column("last_login_on", sa.Date))
    for table in ("accounts", "contacts"):
        op.add_column(table, sa.Column("archived_at", sa.DateTime(timezone=True)))
    op.add_column("account_contacts", sa.Column("role", sa.Text))
    op.create_foreign_key(
        OWNER,
        "accounts",
        "contacts",
        ["workspace_id", "owner_id"],
        ["workspace_id", "id"],
        ondelete="SET NULL (owner_id)",
    )
    op.create_index("ix_accounts__owner_id", "accounts", ["workspace_id", "owner_id"])
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in SUBJECTS),
        sa.Column("changed", JSONB, nullable=False),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.BigInteger),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", name],
                [f"{table}.workspace_id", f"{table}.id"],
                name=op.f(f"fk_{TABLE}__workspace_id_{name}"),
                ondelete="CASCADE",
            )
            for name, table in SUBJECTS.items()
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{TABLE}__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name in SUBJECTS:
        op.create_index(f"ix_{TABLE}__{name}", TABLE, ["workspace_id", name, sa.text("id DESC")])
    for statement in (*close_table(TABLE), *allow_app(TABLE), *allow_sequences()):
        op.execute(statement)


def downgrade() -> None:
    """Forget who changed what, and the fields that came with it."""
    op.drop_table(TABLE)
    op.drop_index("ix_accounts__owner_id", "accounts")
    op.drop_constraint(OWNER, "accounts")
    op.drop_column("account_contacts", "role")
    for column in ("archived_at", "last_login_on", "is_admin", "phone"):
        op.drop_column("contacts", column)
    for column in ("archived_at", "health_reason", "owner_id"):
        op.drop_column("accounts", column)
