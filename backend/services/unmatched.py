"""Decisions about unmatched people (M5): made a contact, added to one, ignored, never logged.

Making a contact and adding an address bring the earlier mail along (M4); the others keep a keyed
hash, or an entry of the member's own never-log list.
"""

from backend.deps import Deps
from backend.domain.ids import ContactId
from backend.domain.mail.address import address_key
from backend.domain.people.actor import Actor
from backend.errors import InputError
from backend.services.contacts import add_address
from backend.services.late_matching import bring_in
from backend.store import audit, contacts, unmatched

HASH_CHARACTERS = 128
NOBODY = "There is no contact with this address. Choose one from the list, or create one."


def add_to(deps: Deps, actor: Actor, *, email: str, contact_email: str) -> ContactId:
    """The person is a contact already, under another address. Their earlier mail follows. Raises
    InputError.
    """
    with deps.store.begin(actor.workspace_id) as session:
        contact_id = contacts.with_key(session, address_key(contact_email))
    if contact_id is None:
        raise InputError(NOBODY, {"contact": NOBODY})
    add_address(deps, actor, contact_id, address=email)
    bring_in(deps, actor, contact_id)
    return contact_id


def ignore(deps: Deps, actor: Actor, *, token: str) -> None:
    """Suggest this person no more. Only this member sees a difference."""
    with deps.store.begin(actor.workspace_id) as session:
        unmatched.ignore(session, actor, hash_of(token), deps.now())
        audit.note(session, actor, "person.ignored", "person", now=deps.now())


def heed(deps: Deps, actor: Actor, *, token: str) -> None:
    """Suggest them again."""
    with deps.store.begin(actor.workspace_id) as session:
        unmatched.heed(session, actor, hash_of(token))
        audit.note(session, actor, "person.heeded", "person", now=deps.now())


def hash_of(token: str) -> bytes:
    """The keyed hash that a page named. Raises InputError."""
    try:
        if 0 < len(token) <= HASH_CHARACTERS:
            return bytes.fromhex(token)
    except ValueError:
        pass
    raise InputError("This person is no longer on the page. Open it again.")
