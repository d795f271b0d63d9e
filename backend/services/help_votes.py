"""Whether a help page helped: one answer per member and page, the latest counts (H-57)."""

from enum import StrEnum

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.store import help_votes


class Helped(StrEnum):
    """The two answers."""

    YES = "yes"
    NO = "no"


def own_vote(deps: Deps, actor: Actor, *, topic: str) -> Helped | None:
    """The member's vote on a page."""
    with deps.store.begin(actor.workspace_id) as session:
        found = help_votes.of_member(session, actor.member_id, topic)
        return Helped(found) if found else None


def vote(deps: Deps, actor: Actor, *, topic: str, answer: Helped) -> None:
    """Store the vote."""
    with deps.store.begin(actor.workspace_id) as session:
        help_votes.keep(session, actor, topic, answer, deps.now())
