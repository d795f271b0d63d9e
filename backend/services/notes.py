"""Writes a note about an account or a person. Only the team sees notes."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.errors import InputError, NotFound
from backend.store import accounts, clicks, contacts, notes
from backend.store.conversation_access import conversation_by_id
from backend.store.notes import NotePlace

__all__ = ["NotePlace", "write_note"]

LONGEST = 5000
"""Characters of a note: several pages, and far below what a request may carry."""


def write_note(deps: Deps, actor: Actor, *, text: str, about: NotePlace, nonce: str) -> None:
    """Store the note once, however often the click arrives."""
    text = text.strip()
    if not text:
        raise _refusal("The note is empty. Type something first.")
    if len(text) > LONGEST:
        raise _refusal(f"The note has {len(text):,} characters. Shorten it to {LONGEST:,}.")
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


def _refusal(sentence: str) -> InputError:
    return InputError(sentence, {"text": sentence})
