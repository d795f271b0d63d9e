"""Assigns contacts to a team member, one or several at once (D-19).

Where a workspace captures mail of assigned contacts only, this decides whose mailbox captures it
from now on. Mail logged earlier stays.
"""

from collections.abc import Sequence

from backend.deps import Deps
from backend.domain.ids import ContactId, MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.errors import InputError, NotFound
from backend.services.settings.rights import require
from backend.store import audit, contacts, edits, team
from backend.store.edits import Subject

MOST = 200
"""Contacts of one page at most, so that one click changes only what is visible."""


def assign(
    deps: Deps, actor: Actor, *, contact_ids: Sequence[ContactId], to: MemberId | None
) -> int:
    """Assign these contacts to an active member, or to nobody. Returns how many changed."""
    require(actor, Permission.CONTACT_CREATE, own=True)
    if not contact_ids or len(contact_ids) > MOST:
        raise InputError(f"Tick at least one contact, and {MOST} at most.")
    with deps.store.begin(actor.workspace_id) as session:
        if to is not None and team.by_id(session, to) is None:
            raise NotFound("This colleague is no longer in your team. Choose another one.")
        changed = contacts.assign(session, contact_ids, to)
        detail = {"member": to} if to is not None else {}
        for contact_id, before in changed.items():
            said = {"assigned_to": [str(before or ""), str(to or "")]}
            edits.add(session, actor, Subject(contact_id=contact_id), said, deps.now())
            subject = f"contact:{contact_id}"
            audit.note(session, actor, "contact.assigned", subject, now=deps.now(), detail=detail)
    return len(changed)
