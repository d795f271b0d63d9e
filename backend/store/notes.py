"""Notes of the team on accounts and contacts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.people.actor import Actor
from backend.store.models import Note

KEPT_DELETED = timedelta(days=30)
"""How long a deleted note can be restored."""


@dataclass(frozen=True, kw_only=True)
class NotePlace:
    """What a note is about: an account or a person, perhaps with a conversation."""

    account_id: AccountId | None = None
    contact_id: ContactId | None = None
    conversation_id: ConversationId | None = None


def add(session: Session, actor: Actor, place: NotePlace, *, text: str, now: datetime) -> None:
    """Insert a note."""
    session.add(
        Note(
            workspace_id=actor.workspace_id,
            author_id=actor.member_id,
            account_id=place.account_id,
            contact_id=place.contact_id,
            conversation_id=place.conversation_id,
            text=text,
            written_at=now,
        )
    )


def locked(session: Session, note_id: int) -> Note | None:
    """A note, also a deleted one, locked until the transaction ends."""
    query = select(Note).where(Note.id == note_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def purge(session: Session, now: datetime) -> None:
    """Delete for good what the workspace deleted longer ago than it can be restored."""
    session.execute(delete(Note).where(Note.deleted_at < now - KEPT_DELETED))
