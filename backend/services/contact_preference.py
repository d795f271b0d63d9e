"""Remembers which of several contacts with one address the team means (C-4).

The choice is the whole team's, and a later one replaces it. Logged mail stays where it is: the
policy about several matches decides that, not the card.
"""

from backend.deps import Deps
from backend.domain.ids import ContactId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.errors import NotAllowed, NotFound
from backend.store import audit, clicks, contacts


def prefer(deps: Deps, actor: Actor, contact_id: ContactId, *, nonce: str) -> None:
    """Show this contact first from now on, beside mail of the addresses it shares with others."""
    if not allowed(actor.role, Permission.CONTACT_CREATE, own=True):
        raise NotAllowed(refusal(Permission.CONTACT_CREATE, own=True))
    with deps.store.begin(actor.workspace_id) as session:
        if not clicks.is_first(session, actor, nonce, action="prefer", now=deps.now()):
            return
        if not contacts.prefer(session, contact_id, deps.now()):
            raise NotFound("This contact no longer shares an address. Open the email again.")
        audit.note(session, actor, "contact.preferred", f"contact:{contact_id}", now=deps.now())
