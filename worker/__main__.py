"""One worker process: `python -m worker [prompt|patient]`, without a word for every queue.

Jobs run in this very process, one after the other, so that connections and access tokens are kept
between them. Told to end, it does so after the present batch; a kill loses nothing, since the
sweeps ask again.
"""

import os
import socket
import sys

from rq.serializers import JSONSerializer

from backend.wiring import build_redis, configure_logging, read_settings
from worker.beating import BEAT_EVERY, BeatingWorker
from worker.context import deps
from worker.queues import SERVES, WorkerRole

WORKER_TTL = 20
"""Seconds an idle worker waits for a job before it looks after itself."""

UPKEEP_EVERY = 30
"""Seconds between RQ's own maintenance."""


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
        job_monitoring_interval=BEAT_EVERY,
    )
    deps()
    worker.work(with_scheduler=False, logging_level="WARNING")


if __name__ == "__main__":
    main(sys.argv[1:])
