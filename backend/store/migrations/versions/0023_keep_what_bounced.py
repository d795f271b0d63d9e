"""Keep what reports say of undelivered mail, and let suppressions be found and lifted by people.

`contact_addresses.bounced_at`, which nothing ever wrote, goes: an address fails whether or not
somebody is known by it.
"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LEADS = {
    "pending_id": ("pending_messages", sa.Uuid),
    "message_id": ("messages", sa.BigInteger),
    "report_id": ("messages", sa.BigInteger),
}


def upgrade() -> None:
    """The table, closed to other tenants like the rest; the key, the end and a number of each
    suppression.
    """
    op.create_table(
        "bounces",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("about", "key", "address", "outcome", "status", "diagnostic")
        ),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, kind(), nullable=True) for name, (_, kind) in LEADS.items()),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", name],
                [f"{table}.workspace_id", f"{table}.id"],
                name=op.f(f"fk_bounces__workspace_id_{name}"),
                ondelete=f"SET NULL ({name})",
            )
            for name, (table, _) in LEADS.items()
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_bounces__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
    )
    op.create_index("uq_bounces__about", "bounces", ["workspace_id", "about", "key"], unique=True)
    op.create_index("ix_bounces__key", "bounces", ["workspace_id", "key"])
    latest = [sa.text("workspace_id"), sa.text("happened_at DESC")]
    op.create_index("ix_bounces__happened_at", "bounces", latest)
    for name in LEADS:
        op.create_index(f"ix_bounces__{name}", "bounces", [name])
    op.add_column("suppressions", sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False))
    op.add_column("suppressions", sa.Column("key", sa.Text()))
    op.add_column("suppressions", sa.Column("lifted_at", sa.DateTime(timezone=True)))
    op.add_column("suppressions", sa.Column("lifted_by", sa.BigInteger()))
    op.create_index(
        "ix_suppressions__key",
        "suppressions",
        ["workspace_id", "key"],
        postgresql_ops={"key": "text_pattern_ops"},
    )
    newest = [sa.text("workspace_id"), sa.text("since DESC"), sa.text("id DESC")]
    op.create_index("ix_suppressions__since", "suppressions", newest)
    op.drop_column("contact_addresses", "bounced_at")
    for statement in (*close_table("bounces"), *allow_app("bounces"), *allow_sequences()):
        op.execute(statement)


def downgrade() -> None:
    """Forget them."""
    op.add_column("contact_addresses", sa.Column("bounced_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_suppressions__since", "suppressions")
    op.drop_index("ix_suppressions__key", "suppressions")
    for name in ("lifted_by", "lifted_at", "key", "id"):
        op.drop_column("suppressions", name)
    op.drop_table("bounces")
