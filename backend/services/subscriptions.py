"""Sets contacts to subscribed or unsubscribed by hand, several at once (VC-87).

Separate from composing, which only reads it. A suppression by bounce, complaint or erasure is not a
subscription and stays as it is.
"""

from collections.abc import Sequence
from enum import StrEnum

from backend.deps import Deps
from backend.domain.ids import ContactId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import InputError
from backend.services.settings.rights import require
from backend.store import audit, subscriptions

MOST = 200
"""Contacts of one page at most, so that one click changes only what is visible."""


class Subscription(StrEnum):
    """Whether mail that offers unsubscribing may go to a contact."""

    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


def switch(deps: Deps, actor: Actor, *, contacts: Sequence[ContactId], to: Subscription) -> int:
    """Switch all addresses of these contacts. Returns how many contacts there were. Raises
    InputError.
    """
    require(actor, Permission.CONTACT_CREATE, own=True)
    if not contacts or len(contacts) > MOST:
        raise InputError(f"Tick at least one contact, and {MOST} at most.")
    with deps.store.begin(actor.workspace_id) as session:
        found = subscriptions.addresses(session, contacts)
        # Several of them may share an address, which is switched once.
        hashes = {
            deps.keyed_hash.of(actor.workspace_id, key): (contact_id, key)
            for contact_id, key in found
        }
        if to is Subscription.UNSUBSCRIBED:
            chosen = subscriptions.Chosen(actor.workspace_id, deps.now(), set_by=actor.member_id)
            subscriptions.end_writing(session, chosen, hashes)
        else:
            subscriptions.write_again(session, list(hashes), deps.now())
        changed = sorted({contact_id for contact_id, _ in found})
        for contact_id in changed:
            subject = f"contact:{contact_id}"
            audit.note(session, actor, f"contact.{to}", subject, now=deps.now())
    return len(changed)
