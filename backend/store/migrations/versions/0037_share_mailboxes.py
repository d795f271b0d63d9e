"""Let several members write from a shared mailbox, under its own name and in its own template."""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, allow_sequences, close_table

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TEMPLATES, USERS = "email_templates", "mailbox_users"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """New columns are empty, so nothing is rewritten; both tables are closed to other tenants."""
    op.create_table(
        TEMPLATES,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "source", "html")),
        sa.Column("saved_by", sa.BigInteger),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        _reference(TEMPLATES, "saved_by", "team_members", "SET NULL (saved_by)"),
        _workspace(TEMPLATES),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TEMPLATES}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{TEMPLATES}__workspace_id_id")),
    )
    op.create_index(f"uq_{TEMPLATES}__name", TEMPLATES, ["workspace_id", "name"], unique=True)
    op.create_index(f"ix_{TEMPLATES}__saved_by", TEMPLATES, ["workspace_id", "saved_by"])
    op.create_table(
        USERS,
        sa.Column("mailbox_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        _reference(USERS, "mailbox_id", "mailboxes", "CASCADE"),
        _reference(USERS, "member_id", "team_members", "CASCADE"),
        _workspace(USERS),
        sa.PrimaryKeyConstraint("mailbox_id", "member_id", name=op.f(f"pk_{USERS}")),
    )
    op.create_index(f"ix_{USERS}__member_id", USERS, ["workspace_id", "member_id"])
    op.add_column("mailboxes", sa.Column("from_name", sa.Text))
    _refer("mailboxes", "template_id", TEMPLATES, "SET NULL (template_id)")
    _refer("pending_messages", "written_as", "mailboxes", None)
    for table in (TEMPLATES, USERS):
        for statement in (*close_table(table), *allow_app(table)):
            op.execute(statement)
    for statement in allow_sequences():
        op.execute(statement)


def downgrade() -> None:
    """Forget the templates and who uses which mailbox."""
    for table, column in (("pending_messages", "written_as"), ("mailboxes", "template_id")):
        op.drop_index(f"ix_{table}__{column}", table)
        op.drop_column(table, column)
    op.drop_column("mailboxes", "from_name")
    op.drop_table(USERS)
    op.drop_table(TEMPLATES)


def _refer(table: str, column: str, parent: str, ondelete: str | None) -> None:
    op.add_column(table, sa.Column(column, sa.BigInteger))
    op.create_foreign_key(
        f"fk_{table}__workspace_id_{column}",
        table,
        parent,
        ["workspace_id", column],
        ["workspace_id", "id"],
        ondelete=ondelete,
    )
    op.create_index(
        f"ix_{table}__{column}",
        table,
        [column],
        postgresql_where=sa.text(f"{column} IS NOT NULL"),
    )


def _reference(table: str, column: str, parent: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{parent}.workspace_id", f"{parent}.id"],
        name=op.f(f"fk_{table}__workspace_id_{column}"),
        ondelete=ondelete,
    )


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}__workspace_id"),
        ondelete="CASCADE",
    )
