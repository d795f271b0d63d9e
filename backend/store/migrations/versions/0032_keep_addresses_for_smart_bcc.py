"""Give every member, shared mailbox and workspace an address for Smart BCC that can be replaced.

The members' tokens move from their own column, which cannot hold the address before.
"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "capture_addresses"
CURRENT = "retired_at IS NULL"
OWNERS = {"member_id": "team_members", "mailbox_id": "mailboxes"}
# 32 hexadecimal digits of a random uuid: lower case, no delimiter, 122 random bits.
DRAWN = "replace(gen_random_uuid()::text, '-', '')"


def upgrade() -> None:
    """The table with its current addresses; then it is closed to other tenants."""
    op.create_table(
        TABLE,
        sa.Column(
            "workspace_id",
            sa.BigInteger,
            sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(column, sa.BigInteger) for column in OWNERS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(column, sa.DateTime(timezone=True))
            for column in ("retired_at", "ends_at", "last_used_at")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", column],
                [f"{parent}.workspace_id", f"{parent}.id"],
                name=op.f(f"fk_{TABLE}__workspace_id_{column}"),
                ondelete="CASCADE",
            )
            for column, parent in OWNERS.items()
        ),
    )
    op.create_index("uq_capture_addresses__token", TABLE, ["token"], unique=True)
    one_each("member", ["workspace_id", "member_id"], "member_id IS NOT NULL")
    one_each("mailbox", ["workspace_id", "mailbox_id"], "mailbox_id IS NOT NULL")
    one_each("workspace", ["workspace_id"], "member_id IS NULL AND mailbox_id IS NULL")
    op.execute("SELECT set_config('rapport.scope', 'global', true)")
    op.execute(
        f"""
        INSERT INTO {TABLE} (workspace_id, token, kind, member_id, mailbox_id, created_at)
        SELECT workspace_id, smart_bcc_token, 'member', id, NULL, now() FROM team_members
         WHERE deactivated_at IS NULL
         UNION ALL
        SELECT workspace_id, {DRAWN}, 'mailbox', NULL, id, now() FROM mailboxes
         WHERE kind = 'shared'
         UNION ALL
        SELECT id, {DRAWN}, 'workspace', NULL, NULL, now() FROM workspaces
        """  # noqa: S608 - only our own text
    )
    op.drop_column("team_members", "smart_bcc_token")
    for statement in (*close_table(TABLE), *allow_app(TABLE), *allow_sequences()):
        op.execute(statement)


def one_each(name: str, columns: list[str], owner: str) -> None:
    """Of each owner one address is the current one."""
    where = sa.text(f"{CURRENT} AND {owner}")
    op.create_index(f"uq_{TABLE}__{name}", TABLE, columns, unique=True, postgresql_where=where)


def downgrade() -> None:
    """Back to a token on the member."""
    op.add_column("team_members", sa.Column("smart_bcc_token", sa.Text, server_default=""))
    op.drop_table(TABLE)
