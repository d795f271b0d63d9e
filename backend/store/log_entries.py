"""Whether a message is in the timeline, since when and by whom: one row per message (N1).

A message that a person took out stays out until a person puts it back: the row records who.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from backend.domain.identity import Bearer
from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.summaries.log_state import LogFacts
from backend.store.models import (
    Conversation,
    LogEntry,
    Mailbox,
    Message,
    MessageCopy,
    TeamMember,
)


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A stored message with its log entry."""

    message_id: MessageId
    conversation_id: ConversationId
    facts: LogFacts


def of_copy(session: Session, member_id: MemberId, gmail_id: str) -> MessageId | None:
    """The message of which the member's own mailbox holds this copy."""
    query = (
        select(MessageCopy.message_id)
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .where(Mailbox.owner_id == member_id, MessageCopy.gmail_id == gmail_id)
        .limit(1)
    )
    return session.scalar(query)


def bearers(session: Session, identities: Sequence[bytes]) -> list[Bearer]:
    """The messages with these identities, from any mailbox."""
    query = select(Message.id, Message.identity, Message.subject)
    found = session.execute(query.where(Message.identity.in_(identities)))
    return [
        Bearer(id=message_id, identity=identity.hex(), subject=subject)
        for message_id, identity, subject in found
    ]


def logged(session: Session, message_id: MessageId) -> Logged | None:
    """The message's log entry, with the row locked against a second click."""
    remover = aliased(TeamMember)
    query = (
        select(LogEntry, Message.conversation_id, TeamMember.name, remover.name)
        .join(Message, Message.id == LogEntry.message_id)
        .outerjoin(TeamMember, TeamMember.id == LogEntry.logged_by)
        .outerjoin(remover, remover.id == LogEntry.removed_by)
        .where(LogEntry.message_id == message_id)
        .with_for_update(of=LogEntry)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    entry, conversation_id, name, removed_by = row
    return Logged(
        message_id=message_id,
        conversation_id=conversation_id,
        facts=log_facts(
            entry, by=name, removed_by=removed_by, holders=holders(session, message_id)
        ),
    )


def log_facts(
    entry: LogEntry,
    *,
    by: str | None,
    holders: Sequence[tuple[MemberId | None, str]],
    removed_by: str | None = None,
) -> LogFacts:
    """A log entry with the names of who logged it and who took it out, and who holds the
    message.
    """
    return LogFacts(
        via=entry.via,
        logged_by=entry.logged_by,
        by_name=by,
        logged_at=entry.logged_at,
        removed_by_name=removed_by,
        removed_at=entry.removed_at,
        holders=tuple(holders),
    )


def holders(session: Session, message_id: MessageId) -> Sequence[tuple[MemberId | None, str]]:
    """The mailboxes that hold the message: owner and name, an address for shared ones."""
    query = (
        select(Mailbox.owner_id, func.coalesce(TeamMember.name, Mailbox.email))
        .join(MessageCopy, MessageCopy.mailbox_id == Mailbox.id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(MessageCopy.message_id == message_id)
        .order_by(Mailbox.id)
    )
    return [(owner, name) for owner, name in session.execute(query)]


def mark_removed(session: Session, actor: Actor, message_id: MessageId, now: datetime) -> None:
    """Record that the member took the message out."""
    session.execute(
        update(LogEntry)
        .where(LogEntry.message_id == message_id)
        .values(removed_by=actor.member_id, removed_at=now)
    )


def mark_logged(session: Session, actor: Actor, message_id: MessageId, now: datetime) -> None:
    """The member's click logs a message that was taken out."""
    session.execute(
        update(LogEntry)
        .where(LogEntry.message_id == message_id)
        .values(
            via="click",
            logged_by=actor.member_id,
            logged_at=now,
            removed_by=None,
            removed_at=None,
        )
    )


def mark_synced(session: Session, message_id: MessageId) -> None:
    """The click is undone; the message stays in the timeline through sync alone."""
    session.execute(
        update(LogEntry).where(LogEntry.message_id == message_id).values(via="sync", logged_by=None)
    )


def follow(
    session: Session, actor: Actor, conversation_id: ConversationId, now: datetime | None
) -> None:
    """Follow the conversation since `now`, or unfollow it."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(followed_by=actor.member_id if now else None, followed_at=now)
    )
