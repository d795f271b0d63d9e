"""What happened with an account or a contact: conversations and notes, newest first."""

from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ContactId, ConversationId
from backend.domain.paging import ListQuery, Page
from backend.domain.people.actor import Actor
from backend.domain.summaries.mail import ConversationLine
from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from backend.services.deps import Deps
from backend.services.showing.conversation_rows import conversation_lines
from backend.store import histories
from backend.store.histories import History
from backend.store.models import Note


def account_history(
    deps: Deps, actor: Actor, account_id: AccountId, query: ListQuery
) -> Page[InteractionLine]:
    """A page of an account's history. Filter `kind`: email or note."""
    with deps.store.begin(actor.workspace_id) as session:
        return _page(actor, session, histories.of_account(session, account_id, query))


def contact_history(
    deps: Deps, actor: Actor, contact_id: ContactId, query: ListQuery
) -> Page[InteractionLine]:
    """A page of a contact's history. Filter `kind`: email or note."""
    with deps.store.begin(actor.workspace_id) as session:
        return _page(actor, session, histories.of_contact(session, contact_id, query))


def _page(actor: Actor, session: Session, found: History) -> Page[InteractionLine]:
    emails = [one.id for one in found.entries if one.kind is InteractionKind.EMAIL]
    rows = histories.conversations(session, emails)
    lines = {line.id: line for line in conversation_lines(actor, session, list(rows.values()))}
    notes = histories.notes(
        session, [one.id for one in found.entries if one.kind is InteractionKind.NOTE]
    )
    shown = [
        _email(lines[ConversationId(one.id)])
        if one.kind is InteractionKind.EMAIL
        else _note(*notes[one.id])
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
        message_count=line.message_count,
        conversation_id=line.id,
        private=line.private,
    )


def _note(note: Note, author: str) -> InteractionLine:
    return InteractionLine(
        kind=InteractionKind.NOTE,
        at=note.written_at,
        title=author,
        detail=note.text,
        conversation_id=note.conversation_id,
    )
