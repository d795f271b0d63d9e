"""A conversation, the mailboxes that hold it, and how much of it a member may read.

Pages that show it and commands that change it must decide this alike.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId, MessageId
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import (
    Copy,
    Hidden,
    Readable,
    Viewer,
    Visibility,
    who_may_read,
)
from backend.store import message_sight
from backend.store.models import (
    Conversation,
    Mailbox,
    Message,
    MessageCopy,
    TeamMember,
)

GONE = "There is no such conversation. It may have been merged into another or taken out."


@dataclass(frozen=True)
class Holder:
    """A mailbox that holds a conversation, its owner, and how much of it the team may read."""

    owner_id: MemberId | None
    name: str
    sharing: Visibility


class Chosen(Protocol):
    """A thread's chosen visibility, and who chose it."""

    @property
    def visibility(self) -> Visibility | None: ...
    @property
    def visibility_set_by(self) -> MemberId | None: ...


def conversation_by_id(session: Session, conversation_id: ConversationId) -> Conversation | None:
    """One conversation of the session's workspace."""
    return session.get(Conversation, conversation_id)


def conversations_by_id(session: Session, ids: Sequence[int]) -> Mapping[int, Conversation]:
    """A few conversations."""
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(ids)))
    return {row.id: row for row in rows}


def readable(actor: Actor, session: Session, conversation_id: ConversationId) -> bool:
    """Whether this reader may read the conversation's content."""
    row = conversation_by_id(session, conversation_id)
    if row is None:
        return False
    holders = holders_of(session, [row.id]).get(row.id, ())
    access = access_to(actor, row, holders)
    return isinstance(access, Readable) and access.level.shows_text


def readable_message(
    actor: Actor, session: Session, conversation_id: ConversationId, message_id: MessageId
) -> bool:
    """Whether this reader may read this message of the conversation."""
    return readable(actor, session, conversation_id) and message_sight.reads(
        session, message_id, actor.member_id
    )


def access_to(actor: Actor, row: Conversation, holders: Sequence[Holder]) -> Readable | Hidden:
    """How much of a conversation this reader may read, and by which rule."""
    return who_may_read(copies_of(row, holders), Viewer(actor.member_id))


def copies_of(row: Chosen, holders: Sequence[Holder]) -> list[Copy]:
    """The conversation in each mailbox, with the choice its owner made for this thread."""
    return [
        Copy(
            name=holder.name,
            readers=frozenset({holder.owner_id} if holder.owner_id is not None else ()),
            default=holder.sharing,
            thread=row.visibility if row.visibility_set_by in {None, holder.owner_id} else None,
        )
        for holder in holders
    ]


def holders_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[Holder]]:
    """The mailboxes that hold a few conversations, with their owners' names."""
    query = (
        select(
            Message.conversation_id,
            Mailbox.id,
            Mailbox.owner_id,
            func.coalesce(TeamMember.name, Mailbox.email),
            Mailbox.sharing,
        )
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .join(Mailbox, Mailbox.id == MessageCopy.mailbox_id)
        .outerjoin(TeamMember, TeamMember.id == Mailbox.owner_id)
        .where(Message.conversation_id.in_(ids))
        .distinct()
        .order_by(Mailbox.id)
    )
    found: dict[int, list[Holder]] = defaultdict(list)
    for conversation_id, _, owner_id, name, sharing in session.execute(query):
        owner = owner_id
        found[conversation_id].append(Holder(owner, name, sharing))
    return found
