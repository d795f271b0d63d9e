"""Keeping a mailbox under Google's rate: short waits are waited, long ones end the job.

The one place where a job waits, so that a worker told to end does not sit its waits out.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from backend.deps import Deps
from backend.domain.ids import MailboxId
from backend.errors import Interrupted, LimiterUnavailable, RateLimited, SendRefused
from backend.limits import PATIENCE

LOOK_UP = timedelta(milliseconds=200)
"""How long a wait goes on before it is asked whether the process is to end."""


def pacer(
    deps: Deps, mailbox_id: MailboxId, *, patience: timedelta = PATIENCE
) -> Callable[[int], None]:
    """A function that takes quota units of this mailbox, and waits until they are there."""

    def take(units: int) -> None:
        wait = deps.limits.take_units(mailbox_id, units, patience=patience)
        if wait > patience:  # nothing was taken: the worker is for others, the schedule comes back
            raise RateLimited("This mailbox used its share of Gmail's rate.", deps.now() + wait)
        rest(deps, wait)

    return take


def rest(deps: Deps, wait: timedelta) -> None:
    """Wait so long. Raises Interrupted when the process is told to end meanwhile."""
    never = Event()
    while wait > timedelta():
        if deps.stopping():
            raise Interrupted("This worker is ending; another one goes on.")
        never.wait(min(wait, LOOK_UP).total_seconds())
        wait -= LOOK_UP


def pause_project(deps: Deps, error: RateLimited | SendRefused) -> None:
    """Rest every mailbox when Google named a limit of the whole project, not of one mailbox."""
    if not error.project_wide or error.after is None:
        return
    try:
        deps.limits.pause_project(error.after - deps.now())
    except LimiterUnavailable:
        return  # without Redis no mailbox takes units anyway
