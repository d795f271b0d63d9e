"""Merges one conversation into another: everything that belongs to it moves, nothing is lost.

Shared by filing, which discovers that two are one, and by members who merge by hand.
"""

from typing import TypeAlias

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.people.visibility import choice_after_merge
from backend.store.models import (
    Conversation,
    ConversationAccount,
    ConversationChange,
    ConversationContact,
    GmailThread,
    Message,
    Note,
    PendingMessage,
    Task,
    ThreadId,
)
from backend.store.models.base import Base

Columns: TypeAlias = tuple[str, ...]
REASON = ("because_address", "because_role")
LINKS: tuple[tuple[type[Base], Columns, Columns], ...] = (
    (GmailThread, ("mailbox_id", "thread_id"), ()),
    (ConversationContact, ("contact_id",), ("last_message_at",)),
    (ConversationAccount, ("account_id",), (*REASON, "last_message_at")),
)
"""Tables with one row per conversation and key: the table, its key, and its other columns."""


def absorb(session: Session, absorbed: int, kept: int) -> None:
    """Move everything, and delete the empty conversation."""
    move_all(session, absorbed, kept)
    for name in (ConversationChange.conversation_id, ConversationChange.other_id):
        session.execute(update(ConversationChange).where(name == absorbed).values({name.key: kept}))
    session.execute(delete(Conversation).where(Conversation.id == absorbed))


def move_all(session: Session, absorbed: int, kept: int) -> None:
    """Move everything; the other conversation stays, empty."""
    for table in (Message, ThreadId, PendingMessage, Note, Task):
        session.execute(
            update(table)
            .where(table.conversation_id == absorbed)
            .values(conversation_id=kept)
            .execution_options(synchronize_session=False)
        )
    for link, what, more in LINKS:
        _move_links(session, (absorbed, kept), link, ("conversation_id", *what), more)
    _add_up(session, absorbed, kept)


def _move_links(
    session: Session, pair: tuple[int, int], link: type[Base], keys: Columns, more: Columns
) -> None:
    """The latest time wins where both have the row."""
    absorbed, kept = pair
    table = link.__table__
    columns = ["workspace_id", *keys[1:], *more]
    here = table.c.conversation_id == absorbed
    source = select(literal(kept), *(table.c[name] for name in columns)).where(here)
    moved = insert(link).from_select(["conversation_id", *columns], source)
    if more:
        latest = func.greatest(table.c.last_message_at, moved.excluded.last_message_at)
        moved = moved.on_conflict_do_update(
            index_elements=list(keys), set_={"last_message_at": latest}
        )
    else:
        moved = moved.on_conflict_do_nothing()
    session.execute(moved)
    session.execute(delete(link).where(here))


def _add_up(session: Session, absorbed: int, kept: int) -> None:
    old, new = session.get_one(Conversation, absorbed), session.get_one(Conversation, kept)
    visibility, set_by = choice_after_merge(
        (new.visibility, new.visibility_set_by), (old.visibility, old.visibility_set_by)
    )
    session.execute(
        update(Conversation)
        .where(Conversation.id == kept)
        .values(
            message_count=Conversation.message_count + old.message_count,
            first_message_at=func.least(Conversation.first_message_at, old.first_message_at),
            last_message_at=func.greatest(Conversation.last_message_at, old.last_message_at),
            last_inbound_at=func.greatest(Conversation.last_inbound_at, old.last_inbound_at),
            visibility=visibility,
            visibility_set_by=set_by,
            followed_by=func.coalesce(Conversation.followed_by, old.followed_by),
            followed_at=func.coalesce(Conversation.followed_at, old.followed_at),
        )
    )
