"""Keeps a mailbox under Google's rate limit: short waits are slept, long ones end the job.

The only place where a job sleeps, so that a worker asked to stop does not finish its waits.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.errors import Interrupted, LimiterUnavailable, RateLimited, SendRefused
from backend.limits import PATIENCE

LOOK_UP = timedelta(milliseconds=200)
"""How long a wait lasts before it checks whether the process is stopping."""

SHARE_IS_USED = "This mailbox used its share of Gmail's rate."
PROJECT_RESTS = "Gmail asked Rapport to slow down in all mailboxes together."


def pacer(
    deps: Deps, mailbox_id: MailboxId, *, patience: timedelta = PATIENCE
) -> Callable[[int], None]:
    """A function that takes quota units of this mailbox, and waits until they are available."""

    def take(units: int) -> None:
        wait = deps.limits.take_units(mailbox_id, units, patience=patience)
        if wait > patience:  # nothing was taken; free the worker, the schedule retries
            why = PROJECT_RESTS if deps.limits.project_rests() else SHARE_IS_USED
            raise RateLimited(why, deps.now() + wait)
        rest(deps, wait)

    return take


def rest(deps: Deps, wait: timedelta) -> None:
    """Wait that long. Raises Interrupted when the process is asked to stop meanwhile."""
    never = Event()
    while wait > timedelta():
        if deps.stopping():
            raise Interrupted("This worker is ending; another one continues.")
        never.wait(min(wait, LOOK_UP).total_seconds())
        wait -= LOOK_UP


def pause_project(deps: Deps, error: RateLimited | SendRefused) -> None:
    """Pause every mailbox when Google names a limit of the whole project, not of one mailbox."""
    if not error.project_wide or error.after is None:
        return
    try:
        deps.limits.pause_project(error.after - deps.now())
    except LimiterUnavailable:
        return  # without Redis no mailbox takes units anyway
