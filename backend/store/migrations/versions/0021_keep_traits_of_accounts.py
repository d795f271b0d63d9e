"""Keep traits of accounts, and find accounts by the mail domains in them; find assigned contacts.

A trait's value is kept as it was entered, and its mail domains one by one beside it: mail is
matched by them, and an index finds whole values only.
"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("account_traits", "account_trait_values", "account_trait_domains")


def workspace() -> sa.Column[int]:
    """The tenant's column."""
    return sa.Column(
        "workspace_id",
        sa.BigInteger,
        sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
        nullable=False,
    )


def part_of(child: str, column: str, parent: str) -> tuple[sa.Column[int], sa.Constraint]:
    """A part of the key that goes with what it names, in the same workspace."""
    reference = sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{child}__workspace_id_{column}"),
        ondelete="CASCADE",
    )
    return sa.Column(column, sa.BigInteger, primary_key=True), reference


def upgrade() -> None:
    """Three tables, closed to other tenants, and the index of assigned contacts."""
    op.create_table(
        "account_traits",
        workspace(),
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, sa.Computed("lower(name)", persisted=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_account_traits__workspace_id_id")),
    )
    op.create_index(
        "uq_account_traits__name", "account_traits", ["workspace_id", "name_key"], unique=True
    )
    op.create_table(
        "account_trait_values",
        workspace(),
        *part_of("account_trait_values", "trait_id", "account_traits"),
        *part_of("account_trait_values", "account_id", "accounts"),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "ix_account_trait_values__account_id",
        "account_trait_values",
        ["workspace_id", "account_id"],
    )
    op.create_table(
        "account_trait_domains",
        workspace(),
        *part_of("account_trait_domains", "trait_id", "account_traits"),
        *part_of("account_trait_domains", "account_id", "accounts"),
        sa.Column("domain", sa.Text, primary_key=True),
    )
    op.create_index(
        "ix_account_trait_domains__domain", "account_trait_domains", ["workspace_id", "domain"]
    )
    for table in TABLES:
        for statement in (*close_table(table), *allow_app(table)):
            op.execute(statement)
    for statement in allow_sequences():
        op.execute(statement)
    op.create_index("ix_contacts__assigned_to", "contacts", ["workspace_id", "assigned_to"])


def downgrade() -> None:
    """As before."""
    op.drop_index("ix_contacts__assigned_to", "contacts")
    for table in reversed(TABLES):
        op.drop_table(table)
