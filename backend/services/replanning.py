"""What a changed policy, or a failed address, means for waiting messages: promises are dropped at
once, forecasts follow.

The promises go in the transaction that changes the policy, by one statement for all mailboxes, so
that the next send is already decided by the new one. Forecasts are only shown; a job recomputes
them, so that saving stays quick with a thousand mailboxes.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import WorkspaceId
from backend.domain.incoming import Incoming
from backend.jobs import JobName
from backend.services.planning import (
    CURED_BY_RULES,
    drop_promises,
    free_held,
    mailboxes_that_wait,
    replan,
)
from backend.store.session import after_commit

SETTINGS_THAT_PLAN = frozenset(
    {
        *("send.provider_ceiling", "send.over_limit", "send.hourly", "send.admin_cap"),
        *("window.applies_to", "send_now.bypass"),
    }
)
"""The settings a forecast reads."""


def setting_changed(session: Session, deps: Deps, workspace_id: WorkspaceId, name: str) -> None:
    """Apply a changed setting to waiting messages."""
    if name not in SETTINGS_THAT_PLAN:
        return
    free_held(session, None, CURED_BY_RULES, deps.now())
    drop_promises(session)
    replan_all(session, deps, workspace_id)


def replan_if_stopped(
    session: Session, deps: Deps, workspace_id: WorkspaceId, captured: Sequence[Incoming]
) -> None:
    """Show at once what captured mail means for waiting messages: which addresses are
    suppressed.
    """
    if any(one.stops_changed for one in captured):
        replan_all(session, deps, workspace_id)


def replan_all(session: Session, deps: Deps, workspace_id: WorkspaceId) -> None:
    """Have the forecasts recomputed after commit."""
    after_commit(session, lambda: deps.jobs.enqueue(JobName.REPLAN_WORKSPACE, workspace_id))


def replan_workspace(deps: Deps, workspace_id: WorkspaceId) -> None:
    """Update the forecasts of all mailboxes, each in its own transaction."""
    with deps.store.begin(workspace_id) as session:
        waiting = mailboxes_that_wait(session)
    for mailbox_id in waiting:
        with deps.store.begin(workspace_id) as session:
            replan(session, mailbox_id, deps.now())
