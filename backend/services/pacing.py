"""Keeping a mailbox under Google's rate: short waits are waited, long ones end the job."""

from collections.abc import Callable
from threading import Event

from backend.domain.ids import MailboxId
from backend.errors import RateLimited
from backend.limits import PATIENCE
from backend.services.deps import Deps


def pacer(deps: Deps, mailbox_id: MailboxId) -> Callable[[int], None]:
    """A function that takes quota units of this mailbox, and waits until they are there."""
    never = Event()

    def take(units: int) -> None:
        wait = deps.limits.take_units(mailbox_id, units)
        if wait > PATIENCE:  # nothing was taken: the worker is for others, the schedule comes back
            raise RateLimited("This mailbox used its share of Gmail's rate.", deps.now() + wait)
        if wait:
            never.wait(wait.total_seconds())

    return take
