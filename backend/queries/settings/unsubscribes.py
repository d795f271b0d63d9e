"""Whether mail of this workspace offers to unsubscribe, and the wording (VC-75 … 77)."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.summaries.administration import UnsubscribeOffer
from backend.store import choices, team


def unsubscribes_view(deps: Deps, actor: Actor) -> UnsubscribeOffer:
    """The unsubscribe offer of this workspace's mail."""
    with deps.store.begin(actor.workspace_id) as session:
        found = choices.workspace(session, actor.workspace_id)
        by = found.unsubscribes_on_by
        names = team.members_by_id(session, [by] if by is not None else [])
        return UnsubscribeOffer(
            on_at=found.unsubscribes_on_at,
            on_by=names[by].name if by is not None and by in names else None,
            prefix=found.unsubscribe_prefix,
            link_text=found.unsubscribe_link_text,
        )
