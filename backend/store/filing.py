"""The rows that a batch of mail becomes, by table, and the one statement that writes them.

The same message from another mailbox only adds a copy; filing a copy twice changes nothing. Each
table's rows travel as a JSON document of their own. Postgres checks references at the end of the
whole statement, so its parts need no order; but none of them sees what another writes. Bodies
travel beside it unencoded: in JSON every quotation mark of their HTML would be escaped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.incoming import Incoming, Where
from backend.domain.mail.message import NamedAddress
from backend.domain.summaries.log_state import VIA_SYNC
from backend.domain.threads.placing import Placing
from backend.store.asking import as_json, run
from backend.store.decisions import DECIDE_AGAIN
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
from backend.store.statements import command, sql

Row: TypeAlias = dict[str, object]
Rows: TypeAlias = dict[str, list[Row]]
Mails: TypeAlias = Sequence[Incoming]

REPLY_TO = "reply_to"
"""The role of the addresses that replies go to, where that is not the sender."""

SNIPPET_LENGTH = 200
"""Characters of a message that lists show."""

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
"""ON CONFLICT of each table. Columns that a row does not name stay empty."""

UPDATED: Mapping[str, str] = {
    "grown": sql("conversations_grown"),
    "answered_tasks": sql("tasks_answered"),
    "heard_contacts": sql("heard_from", table="contacts", given="heard_contacts"),
    "heard_accounts": sql("heard_from", table="accounts", given="heard_accounts"),
}

OWN_IDS = frozenset({AuditEntry})
"""Tables whose ids Postgres assigns on insert."""


def insertion(table: type[Base], ending: str) -> str:
    """The INSERT of one table; Postgres computes some columns itself."""
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
EVERYTHING = command(
    "WITH " + ", ".join(f"to_{name} AS ({part})" for name, part in PARTS.items()) + " SELECT 1"
)
BODY = command(sql("body_of_message"))


def write(session: Session, rows: Rows) -> None:
    """Write all rows in one round trip."""
    everything = EVERYTHING.bind(**{name: as_json(rows.get(name, ())) for name in PARTS})
    run(session, everything, *(BODY.bind(**body) for body in rows.get("message_bodies", ())))


def message_rows(where: Where, mails: Mails) -> Rows:
    """Rows of messages new to the workspace, with bodies, people and files."""
    return {
        "messages": [message_row(item, where) for item in mails],
        "message_bodies": [body_row(item, where) for item in mails],
        "participants": [row for item in mails for row in participant_rows(item, where)],
        "attachments": [row for item in mails for row in attachment_rows(item, where)],
    }


def copy_rows(where: Where, mails: Mails) -> Rows:
    """The mailbox's copies, and the log entries of the messages."""
    copies = {item.gmail_id: copy_row(item, where) for item in mails}
    logs = {item.message_id: log_row(item, where) for item in mails}
    return {"message_copies": list(copies.values()), "log_entries": list(logs.values())}


def hidden_rows(where: Where, mails: Mails) -> list[Row]:
    """Bcc recipients. Only the sender's own copy shows them, and it may come after another
    mailbox's.
    """
    rows = (row for item in mails for row in participant_rows(item, where))
    return [row for row in rows if row["role"] == "bcc"]


def message_row(item: Incoming, where: Where) -> Row:
    """The row in `messages`."""
    parsed = item.fetched.parsed
    sender = parsed.sender or NamedAddress("", "", "")
    return {
        "workspace_id": where.workspace_id,
        "id": item.message_id,
        "conversation_id": item.conversation_id,
        "identity": item.identity,
        "rfc_id": parsed.message_id,
        "references": list(parsed.references),
        "subject": parsed.subject,
        "sender_name": sender.name,
        "sender_address": sender.address,
        "sent_at": item.sent_at,
        "outgoing": item.outgoing,
        "mail_kind": item.kind,
        "snippet": " ".join(item.reply_text.split())[:SNIPPET_LENGTH],
        "size": item.fetched.size,
        "send_id": item.send_id,
        "stored_at": where.now,
    }


def body_row(item: Incoming, where: Where) -> Row:
    """The row in `message_bodies`."""
    parsed = item.fetched.parsed
    return {
        "workspace_id": str(where.workspace_id),
        "message_id": str(item.message_id),
        "text": parsed.text,
        "html": parsed.html,
        "reply_text": None if item.reply_text == parsed.text else item.reply_text,
    }


def copy_row(item: Incoming, where: Where) -> Row:
    """The row in `message_copies`."""
    return {
        "workspace_id": where.workspace_id,
        "mailbox_id": where.mailbox_id,
        "gmail_id": item.fetched.gmail_id,
        "message_id": item.message_id,
        "thread_id": item.fetched.thread_id,
        "labels": sorted(item.fetched.label_ids),
        "internal_at": item.sent_at,
    }


def participant_rows(item: Incoming, where: Where) -> Iterator[Row]:
    """The rows in `participants`: every address, matched or not, with its position."""
    contacts = {on.address: on.contact_id for on in reversed(item.people.contacts)}
    members = {on.address: on.member_id for on in item.people.members}
    for role, position, who in placed_addresses(item):
        yield {
            "workspace_id": where.workspace_id,
            "message_id": item.message_id,
            "role": role,
            "position": position,
            "name": who.name,
            "address": who.address,
            "contact_id": contacts.get(who.key),
            "member_id": members.get(who.key),
        }


def placed_addresses(item: Incoming) -> Iterator[tuple[str, int, NamedAddress]]:
    """Each address with its role and position."""
    parsed = item.fetched.parsed
    if parsed.sender:
        yield "from", 0, parsed.sender
    fields = {"to": parsed.to, "cc": parsed.cc, "bcc": parsed.bcc, REPLY_TO: parsed.answers_go_to}
    for role, people in fields.items():
        for position, who in enumerate(people):
            yield role, position, who


def attachment_rows(item: Incoming, where: Where) -> Iterator[Row]:
    """The rows in `attachments`. Of several parts with one part id the first counts."""
    for info in {one.part_id: one for one in reversed(item.fetched.parsed.attachments)}.values():
        yield {
            "workspace_id": where.workspace_id,
            "message_id": item.message_id,
            "part_id": info.part_id,
            "filename": info.filename or "",
            "content_type": info.content_type,
            "size": info.size,
            "content_id": info.content_id,
            "inline": info.inline,
        }


def log_row(item: Incoming, where: Where) -> Row:
    """The row in `log_entries`."""
    return {
        "workspace_id": where.workspace_id,
        "message_id": item.message_id,
        "via": where.via,
        "logged_by": where.member if where.via != VIA_SYNC else None,
        "logged_at": where.now,
    }


def thread_rows(where: Where, placing: Placing[Incoming]) -> Rows:
    """New look-up rows from ids to conversations."""
    return {
        "gmail_threads": [
            {
                "workspace_id": where.workspace_id,
                "mailbox_id": where.mailbox_id,
                "thread_id": thread_id,
                "conversation_id": conversation_id,
            }
            for thread_id, conversation_id in placing.new_threads
        ],
        "thread_ids": [
            {
                "workspace_id": where.workspace_id,
                "rfc_id": key,
                "conversation_id": conversation_id,
            }
            for key, conversation_id in placing.new_keys
        ],
    }


@dataclass(kw_only=True)
class Growth:
    """By how many new messages a conversation grows, and of which times."""

    id: ConversationId
    first: datetime
    last: datetime
    more: int = 0
    inbound: datetime | None = None

    def add(self, item: Incoming) -> None:
        """Count a message."""
        at = item.sent_at
        self.more += 1
        self.first, self.last = min(self.first, at), max(self.last, at)
        if is_answer(item):
            self.inbound = max(self.inbound or at, at)


def is_answer(item: Incoming) -> bool:
    """Whether a person outside the team wrote it."""
    return not item.outgoing and item.human


def started_row(
    where: Where, conversation_id: ConversationId, item: Incoming, growth: Growth | None = None
) -> Row:
    """The row in `conversations` of one that begins with this message, grown already if so."""
    at = item.sent_at
    growth = growth or Growth(id=conversation_id, first=at, last=at)
    return {
        "id": conversation_id,
        "workspace_id": where.workspace_id,
        "subject": item.fetched.parsed.subject,
        "owner_contact_id": item.people.owner,
        "message_count": growth.more,
        "first_message_at": min(at, growth.first),
        "last_message_at": max(at, growth.last),
        "last_inbound_at": growth.inbound,
    }


def growths(mails: Mails) -> dict[ConversationId, Growth]:
    """How each conversation grows by new messages."""
    changes: dict[ConversationId, Growth] = {}
    for item in mails:
        at, key = item.sent_at, item.conversation_id
        changes.setdefault(key, Growth(id=key, first=at, last=at)).add(item)
    return changes


def grown_rows(where: Where, new: Mails, started: Mapping[ConversationId, Incoming]) -> Rows:
    """Conversations that begin with this batch, complete, by how much others grow, and the answers
    that complete tasks.
    """
    changes = growths(new)
    return {
        "conversations": [
            started_row(where, key, item, changes.get(key)) for key, item in started.items()
        ],
        "grown": [vars(changes[one]) for one in sorted(changes) if one not in started],
        "answered_tasks": [
            {
                "conversation_id": item.conversation_id,
                "message_id": item.message_id,
                "at": item.sent_at,
                "now": where.now,
            }
            for item in new
            if is_answer(item) and item.conversation_id not in started
        ],
    }
