"""Repairs times after a clock was set back: nothing waits for a moment planned by the wrong
clock.
"""

from datetime import timedelta
from functools import partial

import structlog

from backend.deps import Deps
from backend.jobs import JobName
from backend.services.planning import drop_promises
from backend.store import mending, upkeep
from backend.store.session import after_commit

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)


def repair_times(deps: Deps) -> None:
    """Make due what began in the future, and cap impossible times: at once when the clock was set
    back, and otherwise now and then. Forecasts are then recomputed, too.
    """
    with deps.store.begin_global() as session:
        set_back = upkeep.forget_future(session, deps.now())
        if not upkeep.claim_duty(session, "mending", every=EVERY, now=deps.now()) and not set_back:
            return
        found = mending.workspaces(session)
    if set_back:
        log.warning("clock_was_set_back", seconds=round(set_back.total_seconds()))
    for workspace_id in found:
        with deps.store.begin(workspace_id) as session:
            capped = mending.cap(session, deps.now(), set_back)
            if set_back:
                drop_promises(session)
                replan = partial(deps.jobs.enqueue, JobName.REPLAN_WORKSPACE, workspace_id)
                after_commit(session, replan)
        if capped:
            log.warning("moments_capped", workspace_id=workspace_id, **capped)
