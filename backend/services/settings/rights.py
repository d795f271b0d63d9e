"""The permission check before each change, with the sentence of a refusal."""

from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, refusal
from backend.errors import NotAllowed


def require(actor: Actor, permission: Permission, *, own: bool = False) -> None:
    """Raise NotAllowed with who may, unless the actor's role suffices."""
    if not allowed(actor.role, permission, own=own):
        raise NotAllowed(refusal(permission, own=own))
