"""Records an export before its first row leaves."""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.store import audit


def note_export(deps: Deps, actor: Actor, what: str) -> None:
    """Record in the audit log who exported what."""
    with deps.store.begin(actor.workspace_id) as session:
        audit.note(session, actor, "export.made", what, now=deps.now())
