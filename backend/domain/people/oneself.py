"""What nobody does in another member's name: send mail, and give away access (D-34)."""

from backend.domain.people.actor import Actor
from backend.errors import NotAllowed


def require_oneself(actor: Actor, what: str) -> None:
    """Raise NotAllowed for an admin who is logged in as the member."""
    if actor.behind is not None:
        raise NotAllowed(
            f"You are logged in as {actor.name}, and only they can {what}. Nothing was changed."
        )
