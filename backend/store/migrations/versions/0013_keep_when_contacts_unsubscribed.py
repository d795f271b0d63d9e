"""Keep beside each contact since when they are unsubscribed; index what lists are filtered by.

The lists of contacts are sorted and filtered by it, which no index of another table can serve. A
trigger maintains it, so that no writer of a suppression has to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SINCE = """
    SELECT max(s.since) FROM suppressions s
     WHERE s.contact_id = c.id AND s.reason = 'unsubscribed' AND s.ended_at IS NULL"""
FUNCTION = f"""
CREATE FUNCTION keep_unsubscribed_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE contacts c SET unsubscribed_at = ({SINCE}) WHERE c.id = OLD.contact_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE contacts c SET unsubscribed_at = ({SINCE}) WHERE c.id = NEW.contact_id;
  END IF;
  RETURN NULL;
END $$"""  # noqa: S608 - our own words
TRIGGER = """
CREATE TRIGGER keep_unsubscribed_at AFTER INSERT OR UPDATE OR DELETE ON suppressions
   FOR EACH ROW EXECUTE FUNCTION keep_unsubscribed_at()"""
FILL = f"""
UPDATE contacts c SET unsubscribed_at = ({SINCE})
 WHERE c.id IN (SELECT contact_id FROM suppressions)"""  # noqa: S608 - our own words
LATEST = "(CASE WHEN unsubscribed_at IS NULL THEN '-infinity' ELSE unsubscribed_at END) DESC"


def upgrade() -> None:
    """The column, what keeps it, and the indexes."""
    op.add_column("contacts", sa.Column("unsubscribed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_suppressions__contact_id", "suppressions", ["contact_id"])
    op.execute(FILL)
    op.execute(FUNCTION)
    op.execute(TRIGGER)
    columns = [sa.text("workspace_id"), sa.text(LATEST), sa.text("id DESC")]
    op.create_index("ix_contacts__unsubscribed", "contacts", columns)
    for owner in ("csm", "ae"):
        op.create_index(f"ix_accounts__{owner}", "accounts", ["workspace_id", f"{owner}_id"])
    both = ["conversation_id", "mailbox_id"]
    op.create_index("ix_gmail_threads__conversation", "gmail_threads", both)
    op.drop_index("ix_gmail_threads__conversation_id", "gmail_threads")


def downgrade() -> None:
    """As before."""
    op.create_index("ix_gmail_threads__conversation_id", "gmail_threads", ["conversation_id"])
    op.drop_index("ix_gmail_threads__conversation", "gmail_threads")
    for owner in ("csm", "ae"):
        op.drop_index(f"ix_accounts__{owner}", "accounts")
    op.drop_index("ix_contacts__unsubscribed", "contacts")
    op.execute("DROP TRIGGER keep_unsubscribed_at ON suppressions")
    op.execute("DROP FUNCTION keep_unsubscribed_at()")
    op.drop_index("ix_suppressions__contact_id", "suppressions")
    op.drop_column("contacts", "unsubscribed_at")
