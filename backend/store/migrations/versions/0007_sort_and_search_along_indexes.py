"""Let every order and every search of accounts and contacts be served by an index.

With row-level security an index serves only comparisons that cannot tell of hidden rows, and
Postgres takes lower() and coalesce() for ones that could.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("accounts", "contacts")
MOMENTS = ("last_interaction", "last_reply")


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}__name", table)
        op.drop_index(f"ix_{table}__last_interaction", table)
        lower = sa.Computed("lower(name)", persisted=True)
        op.add_column(table, sa.Column("name_key", sa.Text(), lower, nullable=False))
        op.create_index(f"ix_{table}__name", table, ["workspace_id", "name_key", "id"])
        for moment in MOMENTS:
            latest = f"(CASE WHEN {moment}_at IS NULL THEN '-infinity' ELSE {moment}_at END) DESC"
            columns = [sa.text("workspace_id"), sa.text(latest), sa.text("id DESC")]
            op.create_index(f"ix_{table}__{moment}", table, columns)
    op.drop_index("ix_accounts__domain", "accounts")
    for table, index, column in (
        ("accounts", "name_prefix", "name_key"),
        ("contacts", "name_prefix", "name_key"),
        ("accounts", "domain", "domain"),
    ):
        op.create_index(
            f"ix_{table}__{index}",
            table,
            ["workspace_id", column],
            postgresql_ops={column: "text_pattern_ops"},
        )
    op.create_index("ix_accounts__plan", "accounts", ["workspace_id", "plan"])


def downgrade() -> None:
    for index in ("name_prefix", "domain", "plan"):
        op.drop_index(f"ix_accounts__{index}", "accounts")
    op.drop_index("ix_contacts__name_prefix", "contacts")
    op.create_index("ix_accounts__domain", "accounts", ["workspace_id", "domain"])
    for table in TABLES:
        for moment in MOMENTS:
            op.drop_index(f"ix_{table}__{moment}", table)
        op.drop_index(f"ix_{table}__name", table)
        op.drop_column(table, "name_key")
        op.create_index(f"ix_{table}__name", table, ["workspace_id", sa.text("lower(name)"), "id"])
        latest = "coalesce(last_interaction_at, '-infinity') DESC"
        columns = [sa.text("workspace_id"), sa.text(latest), sa.text("id DESC")]
        op.create_index(f"ix_{table}__last_interaction", table, columns)
