"""Workspaces of the installation: whether there is one, and a new one.

All of it runs in a global transaction, because no tenant is known yet.
"""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import WorkspaceId
from backend.store.models import Workspace

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('rapport.workspaces'))")
ACT_FOR = text("SELECT set_config('rapport.workspace_id', :workspace_id, true)")


def one_at_a_time(session: Session) -> None:
    """Lock: nobody else creates a workspace until the end of this transaction."""
    session.execute(ONE_AT_A_TIME)


def exists(session: Session) -> bool:
    """Whether the installation has any workspace."""
    return session.scalar(select(Workspace.id).limit(1)) is not None


def named(session: Session, name: str) -> Workspace | None:
    """The workspace of this name, in any case."""
    query = select(Workspace).where(func.lower(Workspace.name) == name.lower())
    return session.scalars(query.order_by(Workspace.id)).first()


def create(
    session: Session, name: str, *, now: datetime, gmail_enabled_at: datetime | None = None
) -> WorkspaceId:
    """Insert a workspace, for which the rest of this transaction may write."""
    sequence = func.pg_get_serial_sequence("workspaces", "id")
    workspace_id = WorkspaceId(session.scalar(select(func.nextval(sequence))) or 0)
    session.execute(ACT_FOR, {"workspace_id": str(workspace_id)})
    session.add(
        Workspace(id=workspace_id, name=name, created_at=now, gmail_enabled_at=gmail_enabled_at)
    )
    session.flush()
    return workspace_id
