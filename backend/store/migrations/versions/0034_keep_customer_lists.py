"""Keep uploaded customer lists, and what each batch of one wrote, so that it can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

LISTS, BATCHES = "customer_lists", "customer_list_batches"
MAIL = "ix_pending_recipients__contact_id"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Both tables, closed to other tenants like the rest."""
    op.create_table(
        LISTS,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("product", "encoding")),
        sa.Column("separator", sa.Text, nullable=False),
        *(sa.Column(name, JSONB, nullable=False) for name in ("columns", "chosen")),
        sa.Column("rows", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.BigInteger, server_default="0", nullable=False)
            for name in ("rows_done", "through_line")
        ),
        *(
            sa.Column(name, JSONB, server_default=empty, nullable=False)
            for name, empty in (("counts", "{}"), ("findings", "[]"), ("written", "{}"))
        ),
        sa.Column("kept", JSONB, server_default="[]", nullable=False),
        sa.Column("trouble", sa.Text),
        sa.Column("tries", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("uploaded_by", sa.BigInteger),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("undone_by", sa.BigInteger),
        sa.Column("undone_at", MOMENT),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", MOMENT),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "uploaded_by"],
            ["team_members.workspace_id", "team_members.id"],
            name=op.f(f"fk_{LISTS}__workspace_id_uploaded_by"),
            ondelete="SET NULL (uploaded_by)",
        ),
        _workspace(LISTS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LISTS}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{LISTS}__workspace_id_id")),
    )
    op.create_index(f"ix_{LISTS}__recent", LISTS, ["workspace_id", sa.text("id DESC")])
    op.create_table(
        BATCHES,
        sa.Column("list_id", sa.BigInteger, nullable=False),
        sa.Column("through_line", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("journal", JSONB, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "list_id"],
            [f"{LISTS}.workspace_id", f"{LISTS}.id"],
            name=op.f(f"fk_{BATCHES}__workspace_id_list_id"),
            ondelete="CASCADE",
        ),
        _workspace(BATCHES),
        sa.PrimaryKeyConstraint("list_id", "through_line", name=op.f(f"pk_{BATCHES}")),
    )
    for table in (LISTS, BATCHES):
        for statement in (*close_table(table), *allow_app(table)):
            op.execute(statement)
    op.create_index(  # a contact that goes is looked for there
        MAIL,
        "pending_recipients",
        ["workspace_id", "contact_id"],
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    for statement in allow_sequences():
        op.execute(statement)


def downgrade() -> None:
    """Forget the lists; what they brought in stays."""
    op.drop_index(MAIL, "pending_recipients")
    op.drop_table(BATCHES)
    op.drop_table(LISTS)


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}__workspace_id"),
        ondelete="CASCADE",
    )
