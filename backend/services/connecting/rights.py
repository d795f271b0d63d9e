"""Whether somebody may connect: the workspace's switch (V-27) and the role it asks for (D-20)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission, allowed, granted, refusal
from backend.errors import NotAllowed
from backend.services.deps import Deps
from backend.store.capture.rules import policies
from backend.store.models import Workspace


def may_connect(deps: Deps, actor: Actor) -> str:
    """Nothing, or the sentence why this member cannot connect a mailbox."""
    with deps.store.begin(actor.workspace_id) as session:
        return refused(session, actor)


def require_may_connect(session: Session, actor: Actor) -> None:
    """Raise NotAllowed while the workspace or its policies keep this member from connecting."""
    sentence = refused(session, actor)
    if sentence:
        raise NotAllowed(sentence)


def refused(session: Session, actor: Actor) -> str:
    """The first thing in the way, in words."""
    if not is_switched_on(session, actor.workspace_id):
        return (
            "Gmail is not switched on for this workspace yet. An admin turns it on under "
            "Settings, Integrations, Gmail."
        )
    grants, permission = granted(policies(session)), Permission.MAILBOX_CONNECT_OWN
    if not allowed(actor.role, permission, own=True, grants=grants):
        return refusal(permission, own=True, grants=grants)
    return ""


def is_switched_on(session: Session, workspace_id: WorkspaceId) -> bool:
    """Whether an admin has turned Gmail on."""
    query = select(Workspace.gmail_enabled_at).where(Workspace.id == workspace_id)
    return session.scalar(query) is not None
