"""The history of an account or a contact: conversations and notes, newest first.

Two tables are merged: each is read along its own index up to a page's length, and only the merged
page is loaded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Text, cast, literal, select, union_all
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, DateTime

from backend.deps import Deps
from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.paging import Cursor, ListQuery, Page, Way
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed
from backend.domain.summaries.mail import ConversationLine
from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from backend.errors import NotFound
from backend.queries.conversations.lines import conversation_lines
from backend.store.models import (
    Conversation,
    ConversationAccount,
    ConversationContact,
    Note,
    TeamMember,
)
from backend.store.notes import NotePlace

MOST_PINNED = 10
NOT_DELETED = Note.deleted_at.is_(None)
EMAIL, NOTE = InteractionKind.EMAIL, InteractionKind.NOTE


@dataclass(frozen=True)
class Entry:
    """One entry of a history: its kind, its id, and its time."""

    kind: InteractionKind
    id: int
    at: datetime


@dataclass(frozen=True)
class History:
    """A page of entries and where the older ones begin."""

    entries: Sequence[Entry]
    next_cursor: str


@dataclass(frozen=True)
class Source:
    """One of the merged tables, filtered by one customer."""

    kind: InteractionKind
    id: ColumnElement[ConversationId] | ColumnElement[int]
    at: ColumnElement[datetime]
    mine: ColumnElement[bool]


def account_history(
    deps: Deps, actor: Actor, account_id: AccountId, query: ListQuery
) -> Page[InteractionLine]:
    """A page of an account's history. Filter `kind`: email or note."""
    with deps.store.begin(actor.workspace_id) as session:
        return _page(actor, session, account_entries(session, account_id, query))


def contact_history(
    deps: Deps, actor: Actor, contact_id: ContactId, query: ListQuery
) -> Page[InteractionLine]:
    """A page of a contact's history. Filter `kind`: email or note."""
    with deps.store.begin(actor.workspace_id) as session:
        return _page(actor, session, contact_entries(session, contact_id, query))


def _page(actor: Actor, session: Session, found: History) -> Page[InteractionLine]:
    emails = [one.id for one in found.entries if one.kind is InteractionKind.EMAIL]
    rows = _conversations(session, emails)
    lines = {line.id: line for line in conversation_lines(actor, session, list(rows.values()))}
    notes = _notes(session, [one.id for one in found.entries if one.kind is InteractionKind.NOTE])
    shown = [
        _email(lines[ConversationId(one.id)])
        if one.kind is InteractionKind.EMAIL
        else _note(actor, *notes[one.id])
        for one in found.entries
    ]
    return Page(tuple(shown), found.next_cursor)


def _email(line: ConversationLine) -> InteractionLine:
    return InteractionLine(
        kind=InteractionKind.EMAIL,
        at=line.last_message_at,
        title=line.subject,
        detail=line.people,
        outgoing=line.last_was_outgoing,
        last_said=line.last_said,
        message_count=line.message_count,
        conversation_id=line.id,
        private=line.private,
    )


def pinned_notes(
    deps: Deps,
    actor: Actor,
    *,
    account_id: AccountId | None = None,
    contact_id: ContactId | None = None,
) -> tuple[InteractionLine, ...]:
    """The pinned notes on an account or a contact, the last pinned first."""
    here = Note.account_id == account_id if account_id else Note.contact_id == contact_id
    with deps.store.begin(actor.workspace_id) as session:
        query = select(Note.id).where(here, Note.pinned_at.is_not(None), NOT_DELETED)
        ids = session.scalars(query.order_by(Note.pinned_at.desc()).limit(MOST_PINNED)).all()
        found = _notes(session, ids)
    return tuple(_note(actor, *found[one]) for one in ids)


def note(deps: Deps, actor: Actor, note_id: int) -> tuple[InteractionLine, NotePlace]:
    """One note, and what it is about. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        found = _notes(session, [note_id]).get(note_id)
    if found is None or found[0].deleted_at is not None:
        raise NotFound("There is no such note. It may have been deleted.")
    place = NotePlace(account_id=found[0].account_id, contact_id=found[0].contact_id)
    return _note(actor, *found), place


def _note(actor: Actor, note: Note, author: str) -> InteractionLine:
    own = note.author_id == actor.member_id
    return InteractionLine(
        kind=InteractionKind.NOTE,
        at=note.written_at,
        title=author,
        detail=note.text,
        conversation_id=note.conversation_id,
        note_id=note.id,
        edited_at=note.edited_at,
        pinned=note.pinned_at is not None,
        version=note.version,
        editable=allowed(actor.role, Permission.NOTE_EDIT, own=own),
    )


def account_entries(session: Session, account_id: AccountId, asked: ListQuery) -> History:
    """A page of an account's history. Filter `kind`: email or note; any other is ignored."""
    return _merged(
        session,
        asked,
        Source(
            EMAIL,
            ConversationAccount.conversation_id.expression,
            ConversationAccount.last_message_at.expression,
            ConversationAccount.account_id == account_id,
        ),
        Source(
            NOTE,
            Note.id.expression,
            Note.written_at.expression,
            (Note.account_id == account_id) & NOT_DELETED,
        ),
    )


def contact_entries(session: Session, contact_id: ContactId, asked: ListQuery) -> History:
    """A page of a contact's history. Filter `kind`: email or note; any other is ignored."""
    return _merged(
        session,
        asked,
        Source(
            EMAIL,
            ConversationContact.conversation_id.expression,
            ConversationContact.last_message_at.expression,
            ConversationContact.contact_id == contact_id,
        ),
        Source(
            NOTE,
            Note.id.expression,
            Note.written_at.expression,
            (Note.contact_id == contact_id) & NOT_DELETED,
        ),
    )


def _merged(session: Session, asked: ListQuery, *sources: Source) -> History:
    cursor = Cursor.decode(asked.cursor)
    wanted = asked.filters.get("kind")
    chosen = [source for source in sources if source.kind == wanted] or sources
    branches = [_branch(source, cursor, asked.size + 1) for source in chosen]
    merged = union_all(*branches).subquery()
    columns = merged.c
    query = select(
        columns.kind, columns.id, columns.at, cast(columns.at, Text).label("at_text")
    ).order_by(columns.at.desc(), columns.kind, columns.id.desc())
    try:
        rows = session.execute(query.limit(asked.size + 1)).all()
    except DataError as error:
        raise NotFound("This link to a page of the history is broken. Start at its top.") from error
    entries = [Entry(InteractionKind(kind), row_id, at) for kind, row_id, at, _ in rows]
    entries = entries[: asked.size]
    more = len(rows) > asked.size
    last = rows[len(entries) - 1] if more else None
    return History(
        entries, Cursor(Way.AFTER, last[3], f"{last[0]}-{last[1]}").encode() if last else ""
    )


def _branch(source: Source, cursor: Cursor | None, limit: int) -> Select[str, int, datetime]:
    """One table's next entries. At equal times emails come before notes, newer ids first."""
    query = select(
        literal(source.kind.value).label("kind"), source.id.label("id"), source.at.label("at")
    ).where(source.mine)
    if cursor is not None:
        there = literal(cursor.value, DateTime(timezone=True))
        kind, _, row_id = cursor.id.partition("-")
        later: ColumnElement[bool] = source.at < there
        if source.kind == kind:
            later = later | (source.id < literal(row_id, BigInteger))
        elif source.kind is NOTE:
            later = source.at <= there
        query = query.where(source.at <= there, later)
    chosen = query.order_by(source.at.desc(), source.id.desc()).limit(limit).subquery()
    return select(chosen.c.kind, chosen.c.id, chosen.c.at)


def _conversations(session: Session, ids: Sequence[int]) -> Mapping[int, Conversation]:
    """The conversations of a page."""
    rows = session.scalars(select(Conversation).where(Conversation.id.in_(ids)))
    return {row.id: row for row in rows}


def _notes(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Note, str]]:
    """The notes of a page, each with its author's name."""
    query = (
        select(Note, TeamMember.name)
        .join(TeamMember, TeamMember.id == Note.author_id)
        .where(Note.id.in_(ids))
    )
    return {note.id: (note, name) for note, name in session.execute(query)}
