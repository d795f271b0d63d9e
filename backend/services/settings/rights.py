"""The one question before each change: whether this member may, and the sentence when not."""

from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.errors import NotAllowed


def require(actor: Actor, permission: Permission, *, own: bool = False) -> None:
    """Raise NotAllowed with who may, unless the actor's role suffices."""
    if not allowed(actor.role, permission, own=own):
        raise NotAllowed(refusal(permission, own=own))
