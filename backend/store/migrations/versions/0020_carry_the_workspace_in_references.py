"""References carry the workspace, the audit log can only grow, and hashes have a key of their own.

Row-level security hides foreign rows, but a reference is checked past it: a row could be made to
hang on a row of another workspace by its number. The key of hashes moves from the environment into
a table, sealed, so that secret keys can be retired.
"""

import sqlalchemy as sa
from alembic import op

from backend.store.row_security import allow_app, to_app

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HAS_WORKSPACE = """EXISTS (
    SELECT FROM pg_attribute w WHERE w.attrelid = {table} AND w.attname = 'workspace_id')"""
REFERENCES = f"""
SELECT c.conname, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
       a.attname AS name, c.confdeltype AS deletion
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[cardinality(c.conkey)]
 WHERE c.contype = 'f' AND cardinality(c.conkey) = :columns
   AND {HAS_WORKSPACE.format(table="c.conrelid")} AND {HAS_WORKSPACE.format(table="c.confrelid")}
 ORDER BY child, name"""  # noqa: S608 - our own words
ON_DELETE = {"a": "", "c": "ON DELETE CASCADE", "n": "ON DELETE SET NULL"}


def upgrade() -> None:
    """Widen every reference; take the right to change the audit log; make the table of keys."""
    found = references(columns=1)
    for parent in sorted({one.parent for one in found}):
        unique = f"uq_{parent}__workspace_id_id"
        op.execute(f"ALTER TABLE {parent} ADD CONSTRAINT {unique} UNIQUE (workspace_id, id)")
    for one in found:
        # What is emptied when the other row goes is the reference alone, never the workspace.
        emptied = f" ({one.name})" if one.deletion == "n" else ""
        op.execute(
            f"ALTER TABLE {one.child} DROP CONSTRAINT {one.conname}, "
            f"ADD CONSTRAINT fk_{one.child}__workspace_id_{one.name} "
            f"FOREIGN KEY (workspace_id, {one.name}) REFERENCES {one.parent} (workspace_id, id) "
            f"{ON_DELETE[one.deletion]}{emptied}"
        )
    for statement in to_app("REVOKE UPDATE, DELETE ON audit_log FROM rapport_app"):
        op.execute(statement)
    op.create_table(
        "installation_keys",
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    for statement in allow_app("installation_keys"):
        op.execute(statement)


def downgrade() -> None:
    """As before."""
    op.drop_table("installation_keys")
    for statement in to_app("GRANT UPDATE, DELETE ON audit_log TO rapport_app"):
        op.execute(statement)
    found = references(columns=2)
    for one in found:
        op.execute(
            f"ALTER TABLE {one.child} DROP CONSTRAINT {one.conname}, "
            f"ADD CONSTRAINT fk_{one.child}__{one.name} "
            f"FOREIGN KEY ({one.name}) REFERENCES {one.parent} (id) {ON_DELETE[one.deletion]}"
        )
    for parent in sorted({one.parent for one in found}):
        op.execute(f"ALTER TABLE {parent} DROP CONSTRAINT uq_{parent}__workspace_id_id")


def references(*, columns: int) -> list[sa.Row[tuple[str, str, str, str, str]]]:
    """The references from one tenant's table to another that have this many columns."""
    return list(op.get_bind().execute(sa.text(REFERENCES), {"columns": columns}))
