"""The clock of the product: does the periodic duties and frees jobs of workers that died.

Several may run; Postgres lets each duty be done once. `python -m worker.schedule` starts one.
"""

import os
import signal
import socket
from threading import Event
from types import FrameType

import structlog

from backend.errors import TryLater
from backend.services import upkeep
from backend.wiring import build_redis, configure_logging, read_settings
from worker.context import deps
from worker.lost_jobs import free_lost_jobs

log = structlog.get_logger(__name__)

TICK = 1.0
"""Seconds between two looks at the table of duties."""

FREE_EVERY = 15
"""Ticks between two looks for jobs whose worker died."""


def main() -> None:
    """Tick until told to stop."""
    configure_logging()
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    redis, ticks = build_redis(read_settings()), 0
    name = f"schedule-{socket.gethostname()}-{os.getpid()}"
    while not stop.wait(TICK):
        tick(name)
        if ticks % FREE_EVERY == 0:
            free_lost_jobs(redis, deps().now())
        ticks += 1


def tick(name: str) -> None:
    """One round; a database that is away is tried again at the next."""
    try:
        upkeep.beat(deps(), name, "schedule")
        upkeep.do_duties(deps())
    except TryLater as error:
        log.warning("tick_failed", why=type(error).__name__)


if __name__ == "__main__":
    main()
