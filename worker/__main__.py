"""One worker process: `python -m worker [prompt|patient]`, without a word for every queue.

Jobs run in this very process, one after the other, so that connections and access tokens are kept
between them. On SIGTERM it ends after the present batch; a kill loses nothing, since the
sweeps ask again. What Redis does or holds never ends it: it tries again.
"""

import os
import socket
import sys
from threading import Event

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from backend.jobs import JobName
from backend.wiring import build_redis, configure_logging, read_settings
from worker.context import deps, stopping
from worker.loop import IDLE, end_when_told, serve
from worker.queues import SERVES, WorkerRole

log = structlog.get_logger(__name__)

ANSWERS_WITHIN = 10
"""Seconds for an answer of Redis, beyond the time a worker waits for a job."""

PAUSE = 1.0
"""Seconds before it tries again."""


def main(arguments: list[str]) -> None:
    """Work until SIGTERM or SIGINT. Without an argument it serves every queue."""
    configure_logging()
    end_when_told()
    role = WorkerRole(arguments[0]) if arguments else WorkerRole.ANY
    name = f"{role}-{socket.gethostname()}-{os.getpid()}"
    redis = build_redis(read_settings())
    redis.connection_pool.connection_kwargs["socket_timeout"] = IDLE + ANSWERS_WITHIN
    queues = [Queue(one, connection=redis, serializer=JSONSerializer) for one in SERVES[role]]
    world = deps()
    world.jobs.enqueue(JobName.CHECK_CLIENT)  # the settings may have changed
    while not stopping():
        try:
            serve(world, queues, redis, name)
        except (RedisError, ValueError) as error:
            log.warning("redis_away", why=type(error).__name__)
            Event().wait(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1:])
