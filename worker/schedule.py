"""The clock of the product: does the periodic duties and keeps Redis in order.

Several may run; Postgres lets each duty be done once. `python -m worker.schedule` starts one.
Nothing that one round meets ends it: the next round tries again.
"""

import os
import signal
import socket
from threading import Event
from types import FrameType

import structlog
from redis import Redis

from backend.errors import TryLater
from backend.services import scheduler, sweeping
from backend.wiring import build_redis, configure_logging, read_settings
from worker.context import deps
from worker.tidying import keep_order

log = structlog.get_logger(__name__)

TICK = 1.0
"""Seconds between two looks at the table of duties."""

ORDER_EVERY = 6
"""Ticks between two looks at Redis: well within the life of a job's claim."""


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
        tick(name, redis, ticks)
        ticks += 1


def tick(name: str, redis: Redis, number: int) -> None:
    """One round; a database that is away is tried again at the next."""
    try:
        if number % ORDER_EVERY == 0:
            keep_order(redis, deps().jobs)
        scheduler.beat(deps(), name, "schedule")
        scheduler.do_duties(deps())
        sweeping.sweep(deps())
    except TryLater as error:
        log.warning("tick_failed", why=type(error).__name__)
    except Exception:  # whatever it is: without rounds everything stands still
        log.exception("tick_failed")


if __name__ == "__main__":
    main()
