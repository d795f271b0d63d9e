"""One worker process: `python -m worker [prompt|patient]`, without a word for every queue.

Jobs run in this very process, one after the other, so that connections and access tokens are kept
between them; a second signal or a kill loses nothing, since the sweeps ask again.
"""

import os
import socket
import sys

from redis.client import Pipeline
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from backend.errors import TryLater
from backend.services import upkeep
from backend.wiring import build_redis, configure_logging, read_settings
from worker.context import deps
from worker.queues import SERVES, WorkerRole

WORKER_TTL = 20
"""Seconds an idle worker waits for a job before it looks after itself."""

UPKEEP_EVERY = 30
"""Seconds between RQ's own maintenance."""


class BeatingWorker(SimpleWorker):
    """RQ's worker without a fork, which also notes in Postgres that it is alive."""

    role = WorkerRole.PROMPT

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ's heartbeat in Redis, and ours."""
        super().heartbeat(timeout, pipeline)
        try:
            upkeep.beat(deps(), self.name, "worker")
        except TryLater:
            return  # a database that is away shows on the health page by itself


def main(arguments: list[str]) -> None:
    """Work until told to stop. Without an argument it serves every queue."""
    configure_logging()
    role = WorkerRole(arguments[0]) if arguments else WorkerRole.ANY
    redis = build_redis(read_settings())
    redis.connection_pool.connection_kwargs["socket_timeout"] = WORKER_TTL + 10
    worker = BeatingWorker(
        [queue.value for queue in SERVES[role]],
        name=f"{role.value}-{socket.gethostname()}-{os.getpid()}",
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=UPKEEP_EVERY,
        job_monitoring_interval=5,
    )
    worker.role = role
    deps()
    worker.work(with_scheduler=False, logging_level="WARNING")


if __name__ == "__main__":
    main(sys.argv[1:])
