"""Takes a message out of the timeline, and puts it back.

A message that was stored by a click alone is deleted with everything that belongs to it (N1). One
that sync keeps by its own rules stays stored and only leaves the timeline. Either way the decision
records that a person took it out, so that no later path brings it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.capture.smart_bcc import COPY
from backend.domain.ids import ConversationId, MailboxId, MessageId, WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.reasons import Reason
from backend.store import log_entries
from backend.store.fetching import Wanted
from backend.store.mailboxes import WORKING
from backend.store.models import (
    Conversation,
    Decision,
    ImportRun,
    Mailbox,
    Message,
    MessageCopy,
    Participant,
)
from backend.store.recounting import recount

# A Message-ID leads to the conversation only while a message there has or cites it.
FORGET_IDS = text("""
DELETE FROM thread_ids t
 WHERE t.conversation_id = :conversation AND t.rfc_id = ANY(:keys) AND NOT EXISTS (
   SELECT FROM messages m
    WHERE m.conversation_id = t.conversation_id
      AND (m.rfc_id = t.rfc_id OR t.rfc_id = ANY(m."references")))
""")
FORGET_THREADS = text("""
DELETE FROM gmail_threads g
 WHERE g.conversation_id = :conversation AND NOT EXISTS (
   SELECT FROM message_copies c JOIN messages m ON m.id = c.message_id
    WHERE c.mailbox_id = g.mailbox_id AND c.thread_id = g.thread_id
      AND m.conversation_id = g.conversation_id)
""")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What is needed of a message before it is deleted."""

    message_id: MessageId
    conversation_id: ConversationId
    sent_at: datetime
    identity: bytes
    subject: str
    keys: tuple[str, ...]
    contacts: tuple[int, ...]


def stored(session: Session, message_id: MessageId) -> Stored:
    """The message's place, time, identity, ids and contacts."""
    message = session.get_one(Message, message_id)
    people = select(Participant.contact_id).where(
        Participant.message_id == message_id, Participant.contact_id.is_not(None)
    )
    return Stored(
        message_id=message_id,
        conversation_id=message.conversation_id,
        sent_at=message.sent_at,
        identity=message.identity,
        subject=message.subject,
        keys=tuple(key for key in (message.rfc_id, *message.references) if key),
        contacts=tuple(sorted({one for one in session.scalars(people) if one is not None})),
    )


def only_clicked(session: Session, message_id: MessageId) -> bool:
    """Whether only clicks brought the message in."""
    query = select(Decision.path).where(Decision.message_id == message_id).distinct()
    return set(session.scalars(query)) <= {"click"}


def kept_by_rules(session: Session, message_id: MessageId) -> bool:
    """Whether the workspace's own rules keep the message, regardless of clicks."""
    query = select(Decision.message_id).where(
        Decision.message_id == message_id,
        Decision.outcome == "kept",
        Decision.rule != Rule.PERSON,
    )
    return session.scalar(query.limit(1)) is not None


def seen_by_sync(
    session: Session, message_id: MessageId
) -> Sequence[tuple[WorkspaceId, MailboxId, Wanted]]:
    """The copies of a message that its mailboxes' sync or import reaches without a click: newer
    than the connection, or not older than what an import read.
    """
    imported = select(ImportRun.id).where(
        ImportRun.mailbox_id == Mailbox.id, ImportRun.oldest_at <= MessageCopy.internal_at
    )
    query = (
        select(Mailbox.workspace_id, Mailbox.id, MessageCopy.gmail_id, MessageCopy.thread_id)
        .join(MessageCopy, MessageCopy.mailbox_id == Mailbox.id)
        .where(
            MessageCopy.message_id == message_id,
            Mailbox.state.in_(WORKING),
            MessageCopy.gmail_id.not_like(f"{COPY}%"),
            or_(Mailbox.connected_at <= MessageCopy.internal_at, imported.exists()),
        )
    )
    return [
        (
            workspace_id,
            mailbox_id,
            Wanted(gmail_id=gmail_id, thread_id=thread_id),
        )
        for workspace_id, mailbox_id, gmail_id, thread_id in session.execute(query)
    ]


def forget_clicked_copies(session: Session, message: Stored) -> None:
    """Delete the copies that only a click showed; sync's own stay."""
    by_click = select(Decision.gmail_id).where(
        Decision.mailbox_id == MessageCopy.mailbox_id,
        Decision.gmail_id == MessageCopy.gmail_id,
        Decision.path == "click",
    )
    session.execute(
        delete(MessageCopy).where(MessageCopy.message_id == message.message_id, by_click.exists())
    )
    session.execute(FORGET_THREADS, {"conversation": message.conversation_id})


def unfile(session: Session, message: Stored) -> None:
    """Delete the message with everything that belongs to it, and a conversation left empty."""
    session.execute(delete(Message).where(Message.id == message.message_id))
    place = {"conversation": message.conversation_id}
    session.execute(FORGET_IDS, {**place, "keys": list(message.keys)})
    session.execute(FORGET_THREADS, place)
    recount(session, message.conversation_id, message.contacts, message.sent_at)
    others = select(Message.id).where(Message.conversation_id == message.conversation_id)
    session.execute(
        delete(Conversation).where(Conversation.id == message.conversation_id, ~others.exists())
    )


def take_out(session: Session, actor: Actor, message: Stored, now: datetime) -> None:
    """Take the message out of the timeline; it stays stored."""
    log_entries.mark_removed(session, actor, message.message_id, now)
    _decide(session, message.message_id, "skipped", Reason.UNLOGGED, now)
    recount(session, message.conversation_id, message.contacts, message.sent_at)


def put_back(session: Session, actor: Actor, message: Stored, now: datetime) -> None:
    """Log again what was taken out."""
    log_entries.mark_logged(session, actor, message.message_id, now)
    _decide(session, message.message_id, "kept", Reason.LOGGED_BY_CLICK, now)
    recount(session, message.conversation_id, message.contacts, message.sent_at)


def _decide(
    session: Session, message_id: MessageId, outcome: str, reason: Reason, now: datetime
) -> None:
    session.execute(
        update(Decision)
        .where(Decision.message_id == message_id)
        .values(outcome=outcome, reason=reason, rule=Rule.PERSON, decided_at=now)
    )
