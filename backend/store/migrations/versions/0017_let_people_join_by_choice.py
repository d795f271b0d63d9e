"""Set-up codes for an empty installation, invitations that wait for a yes, domains that are proven.

Existing members stay as they are: one without an identity is bound to theirs at the first sign-in.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import SCOPE_IS_GLOBAL, allow_app, allow_sequences, close_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """The tables, the columns, and what may be read before a tenant is known."""
    op.create_table(
        "setup_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        moment("made_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        moment("replaced_at", nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_setup_codes")),
    )
    create_invitations()
    op.add_column("team_members", moment("entered_at", nullable=True))
    op.add_column("internal_domains", moment("proven_at", nullable=True))
    op.add_column("internal_domains", sa.Column("proven_by", sa.BigInteger()))
    op.add_column("internal_domains", moment("open_since", nullable=True))
    op.create_index("ix_internal_domains__domain", "internal_domains", ["domain"])
    op.execute("DROP POLICY IF EXISTS scan ON internal_domains")
    op.execute(f"CREATE POLICY scan ON internal_domains FOR SELECT USING ({SCOPE_IS_GLOBAL})")
    for statement in (
        *close_table("invitations"),
        *allow_app("invitations"),
        *allow_app("setup_codes"),
        *allow_sequences(),
    ):
        op.execute(statement)


def create_invitations() -> None:
    """One waits for each address of a workspace."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        moment("invited_at"),
        moment("expires_at"),
        moment("ended_at", nullable=True),
        sa.Column("ended_how", sa.Text(), nullable=True),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_invitations__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(
        "uq_invitations__waiting",
        "invitations",
        ["workspace_id", "email_key"],
        unique=True,
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_invitations__email_key", "invitations", ["email_key"], postgresql_where=WAITING
    )


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A time with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    """Invitations that were not accepted are lost."""
    op.execute("DROP POLICY scan ON internal_domains")
    op.drop_index("ix_internal_domains__domain", "internal_domains")
    for column in ("open_since", "proven_by", "proven_at"):
        op.drop_column("internal_domains", column)
    op.drop_column("team_members", "entered_at")
    op.drop_table("invitations")
    op.drop_table("setup_codes")
