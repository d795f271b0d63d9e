"""Keep mail that came to a Smart BCC address from before it is answered for until it is filed.

A message's bytes are stored in pieces beside it, uncompressed: base64 does not get smaller.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MAILS, PIECES = "inbound_mails", "inbound_pieces"


def workspace() -> sa.Column[int]:
    """The tenant's column."""
    return sa.Column(
        "workspace_id",
        sa.BigInteger,
        sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
        nullable=False,
    )


def reference(child: str, column: str, parent: str, ondelete: str) -> sa.ForeignKeyConstraint:
    """A reference that carries the workspace."""
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{child}__workspace_id_{column}"),
        ondelete=ondelete,
    )


def key_with_workspace(table: str) -> str:
    """The name of the key that such references lead to."""
    return op.f(f"uq_{table}__workspace_id_id")


def text(name: str, *, empty: bool = False) -> sa.Column[str]:
    """A column of text: present, if only as nothing, or absent."""
    if empty:
        return sa.Column(name, sa.Text, nullable=False, server_default="")
    return sa.Column(name, sa.Text)


def upgrade() -> None:
    """Both tables, closed to other tenants."""
    addresses = "capture_addresses"
    op.create_unique_constraint(key_with_workspace(addresses), addresses, ["workspace_id", "id"])
    moments = ("not_before", "settled_at")
    op.create_table(
        MAILS,
        workspace(),
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("address_id", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        text("provider_id"),
        sa.Column("mail_from", sa.Text, nullable=False),
        *(text("client"), text("helo")),
        sa.Column("told", JSONB),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        text("reason"),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in moments),
        sa.Column("settled_by", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        *(text(name, empty=True) for name in ("sender", "recipients", "subject", "proposed")),
        reference(MAILS, "address_id", addresses, "CASCADE"),
        reference(MAILS, "message_id", "messages", "SET NULL (message_id)"),
        sa.UniqueConstraint("workspace_id", "id", name=key_with_workspace(MAILS)),
    )
    op.create_table(
        PIECES,
        workspace(),
        sa.Column("mail_id", sa.BigInteger, primary_key=True),
        sa.Column("number", sa.SmallInteger, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        reference(PIECES, "mail_id", MAILS, "CASCADE"),
    )
    op.execute(f"ALTER TABLE {PIECES} ALTER content SET STORAGE EXTERNAL")
    create_indexes()
    for table in (MAILS, PIECES):
        for statement in (*close_table(table), *allow_app(table)):
            op.execute(statement)
    for statement in allow_sequences():
        op.execute(statement)


def create_indexes() -> None:
    """What tells one mail from another, what is still to be filed, and what is held."""
    op.create_index("uq_inbound_mails__content", MAILS, ["address_id", "sha256"], unique=True)
    op.create_index(
        "uq_inbound_mails__provider_id",
        MAILS,
        ["address_id", "via", "provider_id"],
        unique=True,
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_inbound_mails__new",
        MAILS,
        ["workspace_id", "not_before", "id"],
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_index("ix_inbound_mails__message_id", MAILS, ["message_id"])
    op.create_index(
        "ix_inbound_mails__held",
        MAILS,
        ["workspace_id", "address_id", "id"],
        postgresql_where=sa.text("state = 'held'"),
    )


def downgrade() -> None:
    """Without the tables; mail that was not filed yet is gone with them."""
    op.drop_table(PIECES)
    op.drop_table(MAILS)
    op.drop_constraint(key_with_workspace("capture_addresses"), "capture_addresses")
