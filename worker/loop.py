"""The loop of a worker: take a job, perform it, forget it.

RQ's own workers keep registries in Redis that compare the clocks of machines, and remember a killed
worker for minutes. Postgres holds the truth here and every claim expires, so RQ's queues and jobs
are enough, by their public interface.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from backend.deps import Deps
from backend.errors import TryLater
from backend.jobs import JOB_ID, JOB_TIMEOUT, JobName, worker_key
from backend.services import scheduler
from worker.context import stop, stopping

log = structlog.get_logger(__name__)

IDLE = 2
"""Seconds an idle worker waits for a job before it looks whether to end."""

BEAT_EVERY = 3
"""Seconds between two heartbeats: well within the life of a job's claim."""

SILENT_FOR = 12
"""Seconds after the last heartbeat for which Redis remembers the process."""

OURS = frozenset(f"worker.jobs.{name}" for name in JobName)
"""Functions a worker may call, whatever others write into Redis."""


def serve(deps: Deps, queues: Sequence[Queue], redis: Redis, name: str) -> None:
    """Perform jobs of these queues, first queue first, until SIGTERM. Raises RedisError."""
    with Heart(deps, redis, name) as heart:
        while not stopping():
            job = next_job(queues, redis)
            if job is not None:
                perform(job, heart)


def next_job(queues: Sequence[Queue], redis: Redis) -> Job | None:
    """The next job, or None when none came within IDLE seconds."""
    try:
        taken = Queue.dequeue_any(queues, IDLE, connection=redis, serializer=JSONSerializer)
    except DequeueTimeout:
        return None
    return taken[0] if taken else None


def perform(job: Job, heart: "Heart") -> None:
    """Perform a job with a heartbeat beside it. A failure is logged; the schedule asks again."""
    try:
        if not is_ours(job):
            log.warning("foreign_job_dropped", job=job.id)
            return
        timer = UnixSignalDeathPenalty(JOB_TIMEOUT, JobTimeoutException)  # type: ignore[no-untyped-call]
        with heart.at_work(job.id), timer:
            job.perform()
    except Exception:  # whatever it is: the next job has nothing to do with it
        log.exception("job_failed", job=job.id)
    finally:
        heart.deps.jobs.done(job.id)
        job.connection.delete(job.key)


def is_ours(job: Job) -> bool:
    """Whether the product enqueued it. Raises what RQ raises for bytes that hold no job."""
    return JOB_ID.fullmatch(job.id) is not None and job.func_name in OURS


class Heart:
    """A thread that reports the process as alive and renews the claim of the job at work."""

    def __init__(self, deps: Deps, redis: Redis, name: str) -> None:
        self.deps, self._redis, self._name, self._job_id = deps, redis, name, ""
        self._over = Event()
        self._thread = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heart":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=1)  # a slow database must not hold up the end

    @contextmanager
    def at_work(self, job_id: str) -> Iterator[None]:
        """While this lasts, the job counts as asked for."""
        self._job_id = job_id
        try:
            yield
        finally:
            self._job_id = ""

    def _beat(self) -> None:
        while True:
            try:
                if self._job_id:
                    self.deps.jobs.renew([self._job_id])
                self._redis.set(worker_key(os.getpid()), self._name, ex=SILENT_FOR)
                scheduler.beat(self.deps, self._name, "worker")
            except (RedisError, TryLater) as error:
                log.warning("heartbeat_missed", why=type(error).__name__)
            except Exception:  # without a heart, jobs at work would be asked for twice
                log.exception("heartbeat_missed")
            if self._over.wait(BEAT_EVERY):
                return


def end_when_told() -> None:
    """SIGTERM and SIGINT let the present batch end; further ones change nothing."""

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
