"""One statement that writes down what became of a batch, in however many tables.

Each table's rows travel as a JSON document of their own. Postgres checks references when the whole
statement has ended, so its parts need no order; but none of them sees what another writes.
Bodies travel behind it as they are: in JSON every quotation mark of their HTML would be escaped.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.store.asking import as_json, fetch_values
from backend.store.capture.decisions import DECIDE_AGAIN
from backend.store.filing.rows import Rows
from backend.store.models import (
    Attachment,
    AuditEntry,
    Base,
    Conversation,
    ConversationAccount,
    ConversationContact,
    Decision,
    Departure,
    GmailThread,
    LeftOutPerson,
    LogEntry,
    Message,
    MessageCopy,
    Participant,
    ThreadId,
)
from backend.store.statements import Asked, Statement

ONCE = "ON CONFLICT DO NOTHING"
SEEN_AGAIN = (
    "ON CONFLICT (mailbox_id, gmail_id) DO UPDATE SET labels = excluded.labels, deleted_at = NULL"
)
SAID_BETTER = """ON CONFLICT (workspace_id, rfc_id)
  DO UPDATE SET conversation_id = excluded.conversation_id"""
LATER = """DO UPDATE SET last_message_at = excluded.last_message_at
 WHERE {0}.last_message_at < excluded.last_message_at"""

INSERTED: Mapping[type[Base], str] = {
    Conversation: "",
    Message: "",
    Participant: ONCE,  # only the sender's own copy shows Bcc, and it may be the second to come
    Attachment: "",
    MessageCopy: SEEN_AGAIN,
    LogEntry: ONCE,
    GmailThread: ONCE,
    ThreadId: SAID_BETTER,
    ConversationContact: "ON CONFLICT (conversation_id, contact_id) "
    + LATER.format("conversation_contacts"),
    ConversationAccount: "ON CONFLICT (conversation_id, account_id) "
    + LATER.format("conversation_accounts"),
    Decision: DECIDE_AGAIN,
    LeftOutPerson: ONCE,
    Departure: ONCE,
    AuditEntry: "",
}
"""What is done about a row that is there already. What a row does not name stays empty."""

GROWN = """
UPDATE conversations c
   SET message_count = c.message_count + x.more,
       first_message_at = least(c.first_message_at, x.first),
       last_message_at = greatest(c.last_message_at, x.last),
       last_inbound_at = greatest(c.last_inbound_at, x.inbound)
  FROM json_to_recordset(CAST(%(grown)s AS json))
       AS x(id bigint, more int, first timestamptz, last timestamptz, inbound timestamptz)
 WHERE c.id = x.id
"""
HEARD_FROM = """
UPDATE {0} c
   SET last_interaction_at = greatest(c.last_interaction_at, x.at),
       last_reply_at = greatest(c.last_reply_at, x.replied)
  FROM json_to_recordset(CAST(%({1})s AS json))
       AS x(id bigint, at timestamptz, replied timestamptz)
 WHERE c.id = x.id
   AND (c.last_interaction_at >= x.at AND (x.replied IS NULL OR c.last_reply_at >= x.replied))
       IS NOT TRUE
"""
UPDATED: Mapping[str, str] = {
    "grown": GROWN,
    "heard_contacts": HEARD_FROM.format("contacts", "heard_contacts"),
    "heard_accounts": HEARD_FROM.format("accounts", "heard_accounts"),
}
"""Old mail is imported last, so most contacts are up to date and their rows are left alone."""

OWN_IDS = frozenset({AuditEntry})
"""Tables whose ids Postgres draws while it inserts."""


def insertion(table: type[Base], ending: str) -> str:
    """The part that inserts the rows of one table; Postgres computes some columns itself."""
    columns = [one.name for one in table.__table__.columns if one.computed is None]
    if table in OWN_IDS:
        columns.remove("id")
    named = ", ".join(f'"{one}"' for one in columns)
    name = table.__tablename__
    return (
        f"INSERT INTO {name} ({named}) SELECT {named} "  # noqa: S608 - names of our own tables
        f"FROM json_populate_recordset(CAST(NULL AS {name}), CAST(%({name})s AS json)) {ending}"
    )


PARTS = {table.__tablename__: insertion(table, ending) for table, ending in INSERTED.items()}
PARTS |= UPDATED
EVERYTHING = Statement(
    "WITH " + ", ".join(f"to_{name} AS ({part})" for name, part in PARTS.items()) + " SELECT 1"
)
BODY = Statement("""
INSERT INTO message_bodies (workspace_id, message_id, text, html, reply_text)
VALUES (CAST(%(workspace_id)s AS bigint), CAST(%(message_id)s AS bigint), %(text)s, %(html)s,
        %(reply_text)s)
""")


def write(session: Session, rows: Rows) -> None:
    """Write all rows in one round trip."""
    values: dict[str, Any] = {name: as_json(rows.get(name, ())) for name in PARTS}
    bodies: list[Asked] = [(BODY, body) for body in rows.get("message_bodies", ())]
    fetch_values(session, (EVERYTHING, values), *bodies)
