"""Find mail that was left out by the people on it, along an index.

Behind row-level security Postgres uses no index for operators on arrays, because it cannot know
that they tell nothing of hidden rows. So each person is a row of their own.
"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, close_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOVE = """
    INSERT INTO left_out_people (workspace_id, person_hash, mailbox_id, gmail_id)
    SELECT d.workspace_id, h, d.mailbox_id, d.gmail_id
      FROM decisions d CROSS JOIN unnest(d.people_hashes) AS h
     WHERE d.outcome = 'skipped' AND d.rule = 'matching' AND d.path <> 'late'
        ON CONFLICT DO NOTHING"""
MOVE_BACK = """
    UPDATE decisions d SET people_hashes = p.hashes
      FROM (SELECT mailbox_id, gmail_id, array_agg(person_hash) AS hashes
              FROM left_out_people GROUP BY mailbox_id, gmail_id) p
     WHERE d.mailbox_id = p.mailbox_id AND d.gmail_id = p.gmail_id"""


def upgrade() -> None:
    """A row for each person on each mail, in place of a list for each mail."""
    op.create_table(
        "left_out_people",
        sa.Column("person_hash", sa.LargeBinary(), nullable=False),
        sa.Column("mailbox_id", sa.BigInteger(), nullable=False),
        sa.Column("gmail_id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailbox_id"],
            ["mailboxes.id"],
            name=op.f("fk_left_out_people__mailbox_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_left_out_people__workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "person_hash", "mailbox_id", "gmail_id", name=op.f("pk_left_out_people")
        ),
    )
    for statement in (*close_table("left_out_people"), *allow_app("left_out_people")):
        op.execute(statement)
    op.execute(in_every_workspace(MOVE))
    op.drop_index("ix_decisions__people", "decisions")
    op.drop_column("decisions", "people_hashes")


def downgrade() -> None:
    """A list for each mail again."""
    column: sa.Column[list[bytes]] = sa.Column(
        "people_hashes", sa.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False
    )
    op.add_column("decisions", column)
    op.execute(in_every_workspace(MOVE_BACK))
    op.create_index("ix_decisions__people", "decisions", ["people_hashes"], postgresql_using="gin")
    op.drop_table("left_out_people")


def in_every_workspace(statement: str) -> str:
    """The owner of the tables is bound by row-level security like everybody else."""
    return f"""
DO $$
DECLARE one bigint;
BEGIN
  PERFORM set_config('rapport.scope', 'global', true);
  FOR one IN SELECT id FROM workspaces LOOP
    PERFORM set_config('rapport.workspace_id', one::text, true);
    {statement};
  END LOOP;
  PERFORM set_config('rapport.workspace_id', '', true), set_config('rapport.scope', '', true);
END $$"""  # noqa: S608 - only our own text is put together
