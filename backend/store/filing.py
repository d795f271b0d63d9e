"""The rows that a batch of mail becomes, by table, and the one statement that writes them.

The same message from another mailbox only adds a copy; filing a copy twice changes nothing. Each
table's rows travel as a JSON document of their own. Postgres checks references at the end of the
whole statement, so its parts need no order; but none of them sees what another writes. Bodies
travel beside it unencoded: in JSON every quotation mark of their HTML would be escaped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.domain.incoming import Incoming, Where
from backend.domain.mail.message import NamedAddress
from backend.domain.summaries.log_state import VIA_SYNC
from backend.domain.threads.placing import Placing
from backend.store.asking import as_json, fetch_values
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
from backend.store.statements import Asked, Statement, sql

Row: TypeAlias = dict[str, Any]
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


def started_row(where: Where, conversation_id: ConversationId, item: Incoming) -> Row:
    """The row in `conversations` for one that begins with this message."""
    return {
        "id": conversation_id,
        "workspace_id": where.workspace_id,
        "subject": item.fetched.parsed.subject,
        "owner_contact_id": item.people.owner,
        "message_count": 0,
        "first_message_at": item.sent_at,
        "last_message_at": item.sent_at,
    }


def touched(where: Where, mails: Mails) -> Rows:
    """Links and last times of everybody on the messages."""
    return {
        "conversation_contacts": contact_links(where, mails),
        "conversation_accounts": account_links(where, mails),
        "heard_contacts": heard_from(mails, contacts_on),
        "heard_accounts": heard_from(mails, accounts_on),
    }


def growth(mails: Mails) -> dict[ConversationId, Row]:
    """By how many new messages, and of which times, each conversation grows."""
    changes: dict[ConversationId, Row] = {}
    for item in mails:
        at, inbound = item.sent_at, not item.outgoing and item.human
        change = changes.setdefault(
            item.conversation_id,
            {"id": item.conversation_id, "more": 0, "first": at, "last": at, "inbound": None},
        )
        change["more"] += 1
        change["first"] = min(change["first"], at)
        change["last"] = max(change["last"], at)
        if inbound:
            change["inbound"] = max(filter(None, (change["inbound"], at)))
    return changes


def grown_rows(
    changes: Mapping[ConversationId, Row], started: Mapping[ConversationId, Row]
) -> Rows:
    """Complete rows of conversations that begin with this batch, and increments of the others."""
    for conversation_id, row in started.items():
        change = changes.get(conversation_id)
        if change is not None:
            row["message_count"] = change["more"]
            row["first_message_at"] = min(row["first_message_at"], change["first"])
            row["last_message_at"] = max(row["last_message_at"], change["last"])
            row["last_inbound_at"] = change["inbound"]
    return {
        "conversations": list(started.values()),
        "grown": [changes[one] for one in sorted(changes) if one not in started],
    }


def contact_links(where: Where, mails: Mails) -> list[Row]:
    """Associate every known contact with the conversation (V-17, V-18)."""
    links: dict[tuple[int, int], Row] = {}
    for item in mails:
        for on in item.people.contacts:
            row = {
                "workspace_id": where.workspace_id,
                "conversation_id": item.conversation_id,
                "contact_id": on.contact_id,
                "last_message_at": item.sent_at,
            }
            keep_latest(links, (item.conversation_id, on.contact_id), row)
    return [links[one] for one in sorted(links)]


def account_links(where: Where, mails: Mails) -> list[Row]:
    """List the conversation under every account of its people, with the reason (VC-104)."""
    links: dict[tuple[int, int], Row] = {}
    for item in mails:
        for on in item.people.accounts:
            row = {
                "workspace_id": where.workspace_id,
                "conversation_id": item.conversation_id,
                "account_id": on.account_id,
                "because_address": on.address,
                "because_role": on.field,
                "last_message_at": item.sent_at,
            }
            keep_latest(links, (item.conversation_id, on.account_id), row)
    return [links[one] for one in sorted(links)]


def keep_latest(links: dict[tuple[int, int], Row], key: tuple[int, int], row: Row) -> None:
    """Keep the first reason with the latest time."""
    kept = links.setdefault(key, row)
    kept["last_message_at"] = max(kept["last_message_at"], row["last_message_at"])


def heard_from(mails: Mails, on: Callable[[Incoming], list[tuple[int, str]]]) -> list[Row]:
    """Last interaction and last reply of contacts or accounts (S-34, S-35)."""
    times: dict[int, Row] = {}
    for item in mails:
        at = item.sent_at
        answered = item.human and not item.outgoing
        for subject_id, field in on(item):
            note_time(times, subject_id, at, at if answered and field == "from" else None)
    return [times[one] for one in sorted(times)]


def contacts_on(item: Incoming) -> list[tuple[int, str]]:
    """The contacts, each with the fields they are in."""
    return [(one.contact_id, one.field) for one in item.people.contacts]


def accounts_on(item: Incoming) -> list[tuple[int, str]]:
    """The accounts it is an interaction with, and the fields that link them."""
    return [(one.account_id, one.field) for one in item.people.touched]


def note_time(
    times: dict[int, Row], subject_id: int, at: datetime, replied: datetime | None
) -> None:
    """Collect the latest times of one contact or account."""
    kept = times.setdefault(subject_id, {"id": subject_id, "at": at, "replied": replied})
    kept["at"] = max(kept["at"], at)
    if replied:
        kept["replied"] = max(filter(None, (kept["replied"], replied)))
