"""Bounds the CPU time that one piece of foreign input may take.

Like the clock, this is outside the rules: a rule knows nothing of it, and its caller decides on a
bound.
"""

import gc
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from backend.errors import TooCostly

Answer = TypeVar("Answer")

TOLD = (
    "Reading this email would take too long: it is built in an unusual way. It is still in Gmail."
)

AGAIN = 0.05
"""Seconds until the next attempt: inside a finaliser Python drops what is raised."""

_at_work: list[float] = []


class _OverBudget(BaseException):
    """Ends the work wherever it is; no `except Exception` on the way may swallow it."""


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """The result of `work`. Raises TooCostly once the process has used that much CPU time;
    waiting is free.

    Only the main thread can be interrupted, and so a worker, which reads whatever arrives. A web
    process reads one mail at a time, and relies on the bounds of what it reads.
    """
    if threading.current_thread() is not threading.main_thread() or _at_work:
        return work()
    collects = gc.isenabled()
    try:
        return _bounded(seconds, work)
    except _OverBudget:
        raise TooCostly(TOLD) from None
    finally:
        _at_work.clear()
        signal.setitimer(signal.ITIMER_PROF, 0)
        if collects:
            gc.enable()


def _bounded(seconds: float, work: Callable[[], Answer]) -> Answer:
    if signal.getsignal(signal.SIGPROF) is not _interrupt:
        signal.signal(signal.SIGPROF, _interrupt)
    _at_work.append(seconds)
    gc.disable()  # its callbacks would drop what is raised, too
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    return work()


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """The signal may arrive a moment too late: then nothing is at work."""
    del signum, frame
    if _at_work:
        raise _OverBudget
