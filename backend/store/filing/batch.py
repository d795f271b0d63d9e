"""Filing a batch: a fixed number of statements, whatever the number of messages."""

from collections.abc import Sequence

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MessageId
from backend.store.bulk import write_rows
from backend.store.filing import rows
from backend.store.filing.item import Filed, Filing, FilingPlace
from backend.store.filing.sent import complete_sent
from backend.store.filing.threads import Threads
from backend.store.filing.touches import touch_customers
from backend.store.models import (
    Attachment,
    LogEntry,
    Message,
    MessageBody,
    MessageCopy,
    Participant,
)

LOCK = text("SELECT pg_advisory_xact_lock(4711, :workspace_id)")
"""One filing transaction at a time in a workspace (the first number only names the purpose)."""

UNLESS_THERE = "ON CONFLICT DO NOTHING"
COPY_AGAIN = (
    "ON CONFLICT (mailbox_id, gmail_id) DO UPDATE SET labels = excluded.labels, deleted_at = NULL"
)


def file_batch(session: Session, place: FilingPlace, items: Sequence[Filing]) -> list[Filed]:
    """Write the batch down, in the order given. Repeating it changes nothing."""
    if not items:
        return []
    session.execute(LOCK, {"workspace_id": place.workspace_id % 2**31})
    known = known_messages(session, items)
    threads = Threads(session, place, items)
    fresh: dict[bytes, Filing] = {}
    conversations: dict[bytes, int] = {}
    for item in items:
        conversations[item.identity] = threads.place(item)
        if item.identity not in known:
            fresh.setdefault(item.identity, item)
    conversations = {key: threads.settled(found) for key, found in conversations.items()}
    threads.write_started()
    added = add_messages(session, place, fresh, conversations)
    threads.save()
    ids = {**known, **added}
    add_copies(session, place, [(ids[item.identity], item) for item in items])
    filed = [
        Filed(
            gmail_id=item.fetched.gmail_id,
            message_id=MessageId(ids[item.identity]),
            conversation_id=ConversationId(conversations[item.identity]),
            new=item.identity in added,
        )
        for item in items
    ]
    touch_customers(session, place, list(zip(filed, items, strict=True)))
    complete_sent(session, place, list(zip(filed, items, strict=True)))
    return filed


def known_messages(session: Session, items: Sequence[Filing]) -> dict[bytes, int]:
    """The messages of the batch that the workspace has already, by identity."""
    query = select(Message.identity, Message.id).where(
        Message.identity.in_([item.identity for item in items])
    )
    return dict(session.execute(query).all())


def add_messages(
    session: Session,
    place: FilingPlace,
    fresh: dict[bytes, Filing],
    conversations: dict[bytes, int],
) -> dict[bytes, int]:
    """Insert messages with bodies, people, files and log entries; their ids by identity."""
    if not fresh:
        return {}
    values = [
        rows.message_row(item, place, conversations[identity]) for identity, item in fresh.items()
    ]
    answer = write_rows(session, Message, values, "RETURNING identity, id").all()
    added = {bytes(row.identity): int(row.id) for row in answer}
    pairs = [(added[identity], item) for identity, item in fresh.items()]
    bodies = [rows.body_row(item, place, message_id) for message_id, item in pairs]
    session.connection().execute(MessageBody.__table__.insert(), bodies)  # type: ignore[attr-defined]
    people = [row for m, item in pairs for row in rows.participant_rows(item, place, m)]
    if people:
        write_rows(session, Participant, people)
    files = [row for m, item in pairs for row in rows.attachment_rows(item, place, m)]
    if files:
        write_rows(session, Attachment, files)
    return added


def add_copies(session: Session, place: FilingPlace, pairs: Sequence[tuple[int, Filing]]) -> None:
    """Note the mailbox's copies and that the messages stand in the timeline."""
    copies = {item.fetched.gmail_id: rows.copy_row(item, place, m) for m, item in pairs}
    write_rows(session, MessageCopy, list(copies.values()), COPY_AGAIN)
    logs = {message_id: rows.log_row(item, place, message_id) for message_id, item in pairs}
    write_rows(session, LogEntry, list(logs.values()), UNLESS_THERE)
    hidden = [
        row
        for message_id, item in pairs
        for row in rows.participant_rows(item, place, message_id)
        if row["role"] == "bcc"
    ]
    if hidden:  # only the sender's own copy shows them, and it may come after another mailbox's
        write_rows(session, Participant, hidden, UNLESS_THERE)


def known_copies(session: Session, mailbox_id: int, gmail_ids: Sequence[str]) -> dict[str, int]:
    """Message ids of the copies that a mailbox has already, by Gmail id."""
    query = select(MessageCopy.gmail_id, MessageCopy.message_id).where(
        tuple_(MessageCopy.mailbox_id, MessageCopy.gmail_id).in_(
            [(mailbox_id, gmail_id) for gmail_id in gmail_ids]
        )
    )
    return dict(session.execute(query).all())


def count_messages(session: Session) -> int:
    """How many messages the workspace has; for tests and the health page."""
    return session.scalar(select(func.count()).select_from(Message)) or 0
