"""Evidence that each step of the set-up works: requests from Google, tests, confirmations by hand.

A mailbox remembers its last push test; a member, when they last opened a card and what they allowed
the panel.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from backend.store.row_security import allow_app, close_table

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

Columns: TypeAlias = tuple[sa.Column[str] | sa.Column[int] | sa.Column[datetime], ...]
TENANT: Mapping[str, Columns] = {
    "setup_findings": (
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
    ),
    "setup_confirmations": (
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    ),
    "setup_runs": (
        sa.Column("asked_by", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps_done", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("steps", sa.SmallInteger, server_default="1", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
    ),
}
MEMBERS = {"setup_confirmations": "made_by", "setup_runs": "asked_by"}
ADDED: Mapping[str, Mapping[str, sa.DateTime | ARRAY[str]]] = {
    "mailboxes": {
        "push_tested_at": sa.DateTime(timezone=True),
        "push_arrived_at": sa.DateTime(timezone=True),
    },
    "team_members": {
        "panel_used_at": sa.DateTime(timezone=True),
        "panel_scopes": ARRAY(sa.Text),
    },
}


def upgrade() -> None:
    """New columns are empty, so nothing is rewritten; the tables are closed to other tenants."""
    op.create_table(
        "evidence",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", sa.Text, server_default="", nullable=False),
        sa.Column("given", sa.Text, server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_evidence")),
    )
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    for statement in allow_app("evidence"):
        op.execute(statement)
    for table, own in TENANT.items():
        create(table, own)


def create(table: str, own: Columns) -> None:
    """One table of a workspace, with one row for each key, or one row."""
    key = [column.name for column in own if column.name == "key"]
    member = MEMBERS.get(table)
    references = (
        [
            sa.ForeignKeyConstraint(
                ["workspace_id", member],
                ["team_members.workspace_id", "team_members.id"],
                name=op.f(f"fk_{table}__workspace_id_{member}"),
                ondelete="CASCADE",
            )
        ]
        if member
        else []
    )
    op.create_table(
        table,
        sa.Column("workspace_id", sa.BigInteger, nullable=False),
        *own,
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f(f"fk_{table}__workspace_id"),
            ondelete="CASCADE",
        ),
        *references,
        sa.PrimaryKeyConstraint("workspace_id", *key, name=op.f(f"pk_{table}")),
    )
    for statement in (*close_table(table), *allow_app(table)):
        op.execute(statement)


def downgrade() -> None:
    """Forget the evidence."""
    for table in (*TENANT, "evidence"):
        op.drop_table(table)
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
