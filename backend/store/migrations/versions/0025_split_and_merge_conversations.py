"""Let a thread of Gmail hold several conversations; remember what people split and merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "conversation_changes"
LEADS = ("conversation_id", "other_id")


def upgrade() -> None:
    """The wider key, and the table, closed to other tenants like the rest."""
    op.drop_constraint("pk_gmail_threads", "gmail_threads", type_="primary")
    op.create_primary_key(
        "pk_gmail_threads", "gmail_threads", ["mailbox_id", "thread_id", "conversation_id"]
    )
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in LEADS),
        sa.Column("messages", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.BigInteger),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", name],
                ["conversations.workspace_id", "conversations.id"],
                name=op.f(f"fk_{TABLE}__workspace_id_{name}"),
                ondelete="CASCADE",
            )
            for name in LEADS
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{TABLE}__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for name in LEADS:
        op.create_index(f"ix_{TABLE}__{name}", TABLE, [name])
    for statement in (*close_table(TABLE), *allow_app(TABLE), *allow_sequences()):
        op.execute(statement)


def downgrade() -> None:
    """Forget the changes; of several conversations in one thread the oldest keeps it."""
    op.drop_table(TABLE)
    op.execute(
        "DELETE FROM gmail_threads g USING gmail_threads o WHERE o.mailbox_id = g.mailbox_id"
        " AND o.thread_id = g.thread_id AND o.conversation_id < g.conversation_id"
    )
    op.drop_constraint("pk_gmail_threads", "gmail_threads", type_="primary")
    op.create_primary_key("pk_gmail_threads", "gmail_threads", ["mailbox_id", "thread_id"])
