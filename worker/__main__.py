"""One worker process: `python -m worker [prompt|patient]`; without a role it serves every queue.

Jobs run in this process, one after the other, so that connections and access tokens are reused. On
a signal it stops after the current batch; a kill loses nothing, since the sweeps enqueue again. No
fault of Redis ends it: it restarts its loop.
"""

import os
import socket
import sys
from secrets import token_hex
from threading import Event

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.serializers import JSONSerializer

from backend.wiring import build_redis, configure_logging, read_settings
from worker.context import deps, stopping
from worker.heartbeat import BEAT_EVERY, HeartbeatWorker
from worker.queues import SERVES, WorkerRole

log = structlog.get_logger(__name__)

WORKER_TTL = 20
"""Seconds an idle worker waits for a job before it does its own housekeeping."""

UPKEEP_EVERY = 30
"""Seconds between RQ's own maintenance."""

PAUSE = 1.0
"""Seconds before the loop restarts."""


def main(arguments: list[str]) -> None:
    """Work until a signal arrives. Without an argument it serves every queue."""
    configure_logging()
    role = WorkerRole(arguments[0]) if arguments else WorkerRole.ANY
    redis = build_redis(read_settings())
    redis.connection_pool.connection_kwargs["socket_timeout"] = WORKER_TTL + 10
    deps()
    while not stopping():
        try:
            work(role, redis)
        except (RedisError, ValueError) as error:
            log.warning("redis_away", why=type(error).__name__)
        if not stopping():
            log.warning("worker_begins_anew")
            Event().wait(PAUSE)


def work(role: WorkerRole, redis: Redis) -> None:
    """Work until a signal arrives, or until RQ gives up on what it finds in Redis."""
    worker = HeartbeatWorker(
        list(SERVES[role]),
        # RQ refuses a name that was in use until just now.
        name=f"{role}-{socket.gethostname()}-{os.getpid()}.{token_hex(3)}",
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=UPKEEP_EVERY,
        job_monitoring_interval=BEAT_EVERY,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")


if __name__ == "__main__":
    main(sys.argv[1:])
