"""Notes about an account or a person: written, edited, pinned, deleted. Only the team sees them.

Authors and admins edit and delete; every member pins.
"""

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import Conflict, InputError, NotFound, SettledAlready
from backend.services.settings.rights import require
from backend.store import accounts, clicks, contacts, notes
from backend.store.conversation_access import conversation_by_id
from backend.store.models import Note
from backend.store.notes import NotePlace

__all__ = ["NotePlace", "write_note"]

GONE = "There is no such note. It may have been deleted."
STALE = "Somebody edited this note meanwhile. The form shows what it says now; save again."
LONGEST = 5000
"""Characters of a note: several pages, and far below what a request may carry."""


def write_note(deps: Deps, actor: Actor, *, text: str, about: NotePlace, nonce: str) -> None:
    """Store the note once, however often the click arrives."""
    text = _checked(text)
    if about.account_id is None and about.contact_id is None:
        raise InputError("A note belongs to an account or a contact. Choose one.")
    with deps.store.begin(actor.workspace_id) as session:
        if not clicks.is_first(session, actor, nonce, action="note", now=deps.now()):
            return
        if about.account_id is not None and not accounts.exists(session, about.account_id):
            raise NotFound("This account is no longer there. Open the email again.")
        if about.contact_id is not None and not contacts.exists(session, about.contact_id):
            raise NotFound("This contact is no longer there. Open the email again.")
        conversation = about.conversation_id
        if conversation is not None and not conversation_by_id(session, conversation):
            about = NotePlace(account_id=about.account_id, contact_id=about.contact_id)
        notes.add(session, actor, about, text=text, now=deps.now())


def edit_note(deps: Deps, actor: Actor, note_id: int, text: str, *, version: int) -> NotePlace:
    """Save the text. Returns what the note is about. Raises InputError, NotAllowed, and Conflict
    when it was edited since the form was drawn.
    """
    text = _checked(text)
    with deps.store.begin(actor.workspace_id) as session:
        row = _own(session, actor, note_id)
        if row.version != version:
            raise Conflict(STALE)
        row.text, row.edited_at = text, deps.now()
        row.version += 1
        return _place(row)


def pin_note(deps: Deps, actor: Actor, note_id: int, *, pinned: bool) -> NotePlace:
    """Pin a note to the top, or unpin it. Returns what it is about."""
    with deps.store.begin(actor.workspace_id) as session:
        row = _present(session, note_id)
        row.pinned_at = deps.now() if pinned else None
        return _place(row)


def delete_note(deps: Deps, actor: Actor, note_id: int) -> NotePlace:
    """Delete a note; it can be restored for 30 days. Returns what it was about."""
    with deps.store.begin(actor.workspace_id) as session:
        row = _own(session, actor, note_id)
        row.deleted_at = deps.now()
        notes.purge(session, deps.now())
        return _place(row)


def restore_note(deps: Deps, actor: Actor, note_id: int) -> NotePlace:
    """Restore a deleted note. Returns what it is about."""
    with deps.store.begin(actor.workspace_id) as session:
        row = notes.locked(session, note_id)
        if row is None:
            raise NotFound(GONE)
        require(actor, Permission.NOTE_EDIT, own=row.author_id == actor.member_id)
        if row.deleted_at is None:
            raise SettledAlready("This note is not deleted.")
        row.deleted_at = None
        return _place(row)


def _own(session: Session, actor: Actor, note_id: int) -> Note:
    row = _present(session, note_id)
    require(actor, Permission.NOTE_EDIT, own=row.author_id == actor.member_id)
    return row


def _present(session: Session, note_id: int) -> Note:
    row = notes.locked(session, note_id)
    if row is None:
        raise NotFound(GONE)
    if row.deleted_at is not None:
        raise SettledAlready("This note was deleted.")
    return row


def _place(row: Note) -> NotePlace:
    return NotePlace(account_id=row.account_id, contact_id=row.contact_id)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise _refusal("The note is empty. Type something first.")
    if len(text) > LONGEST:
        raise _refusal(f"The note has {len(text):,} characters. Shorten it to {LONGEST:,}.")
    return text


def _refusal(sentence: str) -> InputError:
    return InputError(sentence, {"text": sentence})
