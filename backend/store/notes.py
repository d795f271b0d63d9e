"""Notes of the team on accounts and contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.people.actor import Actor
from backend.store.models import Note


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


def about(session: Session, place: NotePlace) -> Sequence[Note]:
    """The notes on an account or a contact, newest first."""
    query = select(Note)
    if place.account_id is not None:
        query = query.where(Note.account_id == place.account_id)
    if place.contact_id is not None:
        query = query.where(Note.contact_id == place.contact_id)
    return session.scalars(query.order_by(Note.written_at.desc(), Note.id.desc())).all()
