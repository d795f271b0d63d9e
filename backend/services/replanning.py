"""What a changed policy means for mail that waits: promises are dropped at once, forecasts follow;
and what an address that failed means for it.

The promises go in the transaction that changes the policy, by one statement for all mailboxes, so
that what is sent next is already decided anew. The forecasts are only shown; a job makes them, so
that saving stays quick with a thousand mailboxes.
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
    """Let a changed setting count for what waits already."""
    if name not in SETTINGS_THAT_PLAN:
        return
    free_held(session, None, CURED_BY_RULES, deps.now())
    drop_promises(session)
    replan_all(session, deps, workspace_id)


def replan_if_stopped(
    session: Session, deps: Deps, workspace_id: WorkspaceId, captured: Sequence[Incoming]
) -> None:
    """Show at once what mail that came in means for mail that waits: whom it must not go to."""
    if any(one.stops_changed for one in captured):
        replan_all(session, deps, workspace_id)


def replan_all(session: Session, deps: Deps, workspace_id: WorkspaceId) -> None:
    """Have the forecasts made anew once this transaction is durable."""
    after_commit(session, lambda: deps.jobs.enqueue(JobName.REPLAN_WORKSPACE, workspace_id))


def replan_workspace(deps: Deps, workspace_id: WorkspaceId) -> None:
    """Bring the forecasts of all mailboxes up to date, each in a transaction of its own."""
    with deps.store.begin(workspace_id) as session:
        waiting = mailboxes_that_wait(session)
    for mailbox_id in waiting:
        with deps.store.begin(workspace_id) as session:
            replan(session, mailbox_id, deps.now())
