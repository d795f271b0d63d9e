"""The scheduler: runs the periodic duties and keeps Redis in order.

Several may run; a lease in Postgres lets each duty run once. `python -m worker.schedule` starts
one. No error in one round ends it: the next round retries.
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
"""Seconds between two reads of the table of duties."""

ORDER_EVERY = 3
"""Ticks between two checks of Redis: well within the life of a job's claim."""


def main() -> None:
    """Tick until a signal arrives."""
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
    """Run one round; an unreachable database is retried in the next."""
    try:
        if number % ORDER_EVERY == 0:
            keep_order(redis, deps().jobs)
        scheduler.beat(deps(), name, "schedule")
        scheduler.do_duties(deps())
        sweeping.sweep(deps())
    except TryLater as error:
        log.warning("tick_failed", why=type(error).__name__)
    except Exception:  # any error at all: without rounds nothing periodic happens
        log.exception("tick_failed")


if __name__ == "__main__":
    main()
