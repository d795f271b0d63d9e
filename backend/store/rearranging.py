"""Messages that a member moved between conversations, and the record of it.

Separate from filing, which ties by ids: here Message-IDs and Gmail's threads follow the messages,
so that later mail goes where a person put the message it replies to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, insert, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import ConversationId, MessageId
from backend.domain.people.actor import Actor
from backend.store.absorbing import move_all
from backend.store.models import Conversation, ConversationChange, Message, Participant, TeamMember
from backend.store.recounting import recount
from backend.store.unfiling import FORGET_THREADS


class Kind(StrEnum):
    """The kind of change. The values are stored."""

    SPLIT = "split"
    MERGE = "merge"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change, with the names of who did it and who undid it."""

    row: ConversationChange
    by_name: str
    undone_by_name: str | None


TAKEN_ALONG = (
    *("workspace_id", "subject", "owner_contact_id", "first_message_at", "last_message_at"),
    *("visibility", "visibility_set_by", "followed_by", "followed_at"),
)
# The ids of what stays lead where they led; those of what moves, and those only it cites, follow.
# Accounts are found again by the contacts on the messages (in `recount`), or here by their domains.
MOVES = tuple(
    text(statement)
    for statement in (
        "UPDATE messages SET conversation_id = :target WHERE id = ANY(:ids)",
        """UPDATE thread_ids t SET conversation_id = :target
            WHERE t.conversation_id = :source AND NOT EXISTS (
              SELECT FROM messages m WHERE m.conversation_id = :source
                 AND (m.rfc_id = t.rfc_id OR t.rfc_id = ANY(m."references")))
              AND EXISTS (
              SELECT FROM messages m WHERE m.id = ANY(:ids)
                 AND (m.rfc_id = t.rfc_id OR t.rfc_id = ANY(m."references")))""",
        """UPDATE thread_ids t SET conversation_id = :target FROM messages m
            WHERE m.id = ANY(:ids) AND t.rfc_id = m.rfc_id AND t.conversation_id = :source
              AND NOT EXISTS (SELECT FROM messages s
                               WHERE s.conversation_id = :source AND s.rfc_id = m.rfc_id)""",
        """INSERT INTO gmail_threads (workspace_id, mailbox_id, thread_id, conversation_id)
           SELECT DISTINCT c.workspace_id, c.mailbox_id, c.thread_id, CAST(:target AS bigint)
             FROM message_copies c JOIN gmail_threads g
               ON g.mailbox_id = c.mailbox_id AND g.thread_id = c.thread_id
            WHERE c.message_id = ANY(:ids) AND g.conversation_id = :source
           ON CONFLICT DO NOTHING""",
        """UPDATE pending_messages SET conversation_id = :target
            WHERE conversation_id = :source
              AND (parent_message_id = ANY(:ids) OR sent_message_id = ANY(:ids))""",
        """WITH old AS (DELETE FROM conversation_accounts k WHERE k.conversation_id = :source
                         RETURNING k.*)
           INSERT INTO conversation_accounts (workspace_id, conversation_id, account_id,
                                              because_address, because_role, last_message_at)
           SELECT DISTINCT ON (m.conversation_id, o.account_id)
                  o.workspace_id, m.conversation_id, o.account_id, lower(p.address), p.role,
                  max(m.sent_at) OVER (PARTITION BY m.conversation_id, o.account_id)
             FROM old o
             JOIN messages m ON m.conversation_id IN (:source, :target)
             JOIN participants p ON p.message_id = m.id
              AND split_part(lower(p.address), '@', 2) = split_part(o.because_address, '@', 2)
            WHERE EXISTS (SELECT FROM policies q WHERE q.name = 'match.by_domain')
            ORDER BY m.conversation_id, o.account_id, m.sent_at, m.id, p.role = 'from' DESC
           ON CONFLICT DO NOTHING""",
    )
)
# A conversation takes its name and owner from its first message, unless the name still fits.
NAMED = text("""
UPDATE conversations v
   SET subject = CASE WHEN EXISTS (SELECT FROM messages m
                                    WHERE m.conversation_id = v.id AND m.subject = v.subject)
                      THEN v.subject
                      ELSE coalesce((SELECT m.subject FROM messages m
                                      WHERE m.conversation_id = v.id
                                      ORDER BY m.sent_at, m.id LIMIT 1), v.subject) END,
       owner_contact_id = CASE
         WHEN v.owner_contact_id IS NULL OR EXISTS (
           SELECT FROM conversation_contacts k
            WHERE k.conversation_id = v.id AND k.contact_id = v.owner_contact_id)
         THEN v.owner_contact_id
         ELSE (SELECT p.contact_id FROM messages m
                 JOIN participants p ON p.message_id = m.id AND p.contact_id IS NOT NULL
                WHERE m.conversation_id = v.id
                ORDER BY m.sent_at, m.id, p.role = 'from' DESC, p.role = 'to' DESC,
                         p.role = 'cc' DESC, p.position LIMIT 1) END
 WHERE v.id = ANY(:both)
""")
# Followers of a merged conversation did not follow the rest; a split one was followed as a whole.
UNFOLLOW = text("""
UPDATE conversations v SET followed_by = NULL, followed_at = NULL
  FROM conversations o
 WHERE v.id = :kept AND o.id = :other AND v.followed_at = o.followed_at
   AND v.followed_by = o.followed_by AND NOT EXISTS (
     SELECT FROM conversation_changes c
      WHERE c.kind = 'split' AND c.conversation_id IN (:kept, :other)
        AND c.other_id IN (:kept, :other))
""")
# Of an undone merge: what came along, and what has replied to it since.
CAME_ALONG = text("""
WITH RECURSIVE back AS (
  SELECT m.id, m.rfc_id FROM messages m WHERE m.id = ANY(:ids) AND m.conversation_id = :place
   UNION
  SELECT m.id, m.rfc_id FROM messages m
    JOIN back b ON m."references"[cardinality(m."references")] = b.rfc_id
   WHERE m.conversation_id = :place AND m.stored_at > :since)
SELECT id FROM back
""")


def split_off(session: Session, source: Conversation, moved: Sequence[int]) -> ConversationId:
    """A new conversation of these messages, with the visibility and followers of the old one."""
    values = {name: getattr(source, name) for name in TAKEN_ALONG}
    query = insert(Conversation).values(values).returning(Conversation.id)
    target = session.execute(query).scalar_one()
    move(session, moved, source.id, target)
    return target


def move(
    session: Session, moved: Sequence[int], source: ConversationId, target: ConversationId
) -> None:
    """Move messages with every id that leads to them, and recount both conversations."""
    values = {"ids": list(moved), "source": source, "target": target}
    for statement in MOVES:
        session.execute(statement, values)
    session.execute(FORGET_THREADS, {"conversation": source})
    people = select(Participant.contact_id).where(
        Participant.message_id.in_(moved), Participant.contact_id.is_not(None)
    )
    contacts = sorted({one for one in session.scalars(people) if one is not None})
    latest = session.scalars(
        select(Message.sent_at).where(Message.id.in_(moved)).order_by(Message.sent_at.desc())
    )
    at = latest.first()
    for place in (source, target):
        if at is not None:
            recount(session, place, contacts, at)
    session.execute(NAMED, {"both": [source, target]})
    session.expire_all()


def join(session: Session, absorbed: ConversationId, kept: ConversationId) -> None:
    """Move everything. The other conversation stays, empty, for its address and an undo."""
    move_all(session, absorbed, kept)
    session.execute(update(Conversation).where(Conversation.id == absorbed).values(message_count=0))
    session.expire_all()


def came_along(session: Session, change: ConversationChange) -> list[int]:
    """The messages that go back when a merge is undone, if they are still there."""
    values = {"ids": change.messages, "place": change.conversation_id, "since": change.made_at}
    return list(session.scalars(CAME_ALONG, values))


def messages_of(session: Session, conversation_id: ConversationId) -> list[int]:
    """All messages of a conversation, including those taken out."""
    return list(
        session.scalars(select(Message.id).where(Message.conversation_id == conversation_id))
    )


def note(
    session: Session,
    actor: Actor,
    kind: Kind,
    pair: tuple[ConversationId, ConversationId],
    *,
    messages: Sequence[int],
    now: datetime,
) -> int:
    """Record a change: the conversation it was done to, and the other one."""
    row = ConversationChange(
        workspace_id=actor.workspace_id,
        kind=kind,
        conversation_id=pair[0],
        other_id=pair[1],
        messages=list(messages),
        made_by=actor.member_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def note_undone(session: Session, actor: Actor, row: ConversationChange, now: datetime) -> None:
    """Record that it was undone."""
    row.undone_by, row.undone_at = actor.member_id, now
    session.flush()


def unfollow(session: Session, kept: ConversationId, other: ConversationId) -> None:
    """Unfollow a conversation that was followed only because another was merged into it."""
    session.execute(UNFOLLOW, {"kept": kept, "other": other})


def take_apart_again(session: Session, merge: ConversationChange) -> None:
    """The splits that a merge had undone apply again, now that it is undone itself."""
    pair = {merge.conversation_id, merge.other_id}
    session.execute(
        update(ConversationChange)
        .where(
            ConversationChange.kind == Kind.SPLIT,
            ConversationChange.conversation_id.in_(pair),
            ConversationChange.other_id.in_(pair),
            ConversationChange.undone_at == merge.made_at,
        )
        .values(undone_at=None, undone_by=None)
    )


def changes_of(session: Session, conversation_id: ConversationId) -> list[Change]:
    """The changes of a conversation still in effect, newest first."""
    here = or_(
        ConversationChange.conversation_id == conversation_id,
        and_(
            ConversationChange.other_id == conversation_id,
            ConversationChange.kind == Kind.SPLIT,
        ),
    )
    return _changes(session, here, ConversationChange.undone_at.is_(None))


def change(session: Session, change_id: int) -> Change | None:
    """One change, undone or not."""
    return next(iter(_changes(session, ConversationChange.id == change_id)), None)


def of_message(session: Session, message_id: MessageId) -> list[Change]:
    """The changes that brought a message into its present conversation."""
    place = select(Message.conversation_id).where(Message.id == message_id).scalar_subquery()
    came = or_(
        and_(ConversationChange.kind == Kind.SPLIT, ConversationChange.other_id == place),
        and_(ConversationChange.kind == Kind.MERGE, ConversationChange.conversation_id == place),
    )
    there = ConversationChange.messages.contains([message_id])
    return _changes(session, came, there, ConversationChange.undone_at.is_(None))


def between(session: Session, one: ConversationId, other: ConversationId) -> list[Change]:
    """The changes in effect between two conversations, newest first."""
    pair = (
        and_(ConversationChange.conversation_id == a, ConversationChange.other_id == b)
        for a, b in ((one, other), (other, one))
    )
    return _changes(session, or_(*pair), ConversationChange.undone_at.is_(None))


def last_about(session: Session, conversation_id: ConversationId) -> Change | None:
    """What emptied a conversation: a merge, or a split that was undone."""
    emptied = or_(
        and_(ConversationChange.kind == Kind.MERGE, ConversationChange.undone_at.is_(None)),
        and_(ConversationChange.kind == Kind.SPLIT, ConversationChange.undone_at.is_not(None)),
    )
    found = _changes(session, ConversationChange.other_id == conversation_id, emptied)
    return next(iter(found), None)


def _changes(session: Session, *where: ColumnElement[bool]) -> list[Change]:
    undoer = aliased(TeamMember)
    query = (
        select(ConversationChange, TeamMember.name, undoer.name)
        .outerjoin(TeamMember, TeamMember.id == ConversationChange.made_by)
        .outerjoin(undoer, undoer.id == ConversationChange.undone_by)
        .where(*where)
        .order_by(ConversationChange.id.desc())
    )
    return [
        Change(row=row, by_name=name or "Somebody", undone_by_name=other)
        for row, name, other in session.execute(query)
    ]
