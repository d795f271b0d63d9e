"""RQ's worker in this very process, which says while it works that it is alive, and ends soon when
told to.

Separate from `__main__`, because it is all we change in RQ. RQ's own worker without a fork is heard
of again only after a job's longest time: a killed one would keep its mailbox from others for
minutes. What RQ leaves of a job whose key was lost under it is deleted when the job is over.
"""

from threading import Event, Thread

import structlog
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import InvalidJobOperation
from rq.executions import Execution
from rq.job import Job
from rq.utils import now

from backend.errors import TryLater
from backend.jobs import JOB_TIMEOUT
from backend.services import scheduler
from worker.context import deps, stop
from worker.tidying import forget_what_ended

log = structlog.get_logger(__name__)

BEAT_EVERY = 5
"""Seconds between two signs of life of a worker at work."""

SILENT_FOR = 25
"""Seconds of silence after which RQ takes the worker for dead and clears its job away."""


class HeartbeatWorker(SimpleWorker):
    """One job after the other, with a heart that beats beside them."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """The job, with signs of life from another thread while it lasts."""
        over = Event()
        execution = self.prepare_execution(job)
        heart = Thread(target=self._beat, args=(job, execution, over), daemon=True)
        heart.start()
        try:
            self.perform_job(job, queue, execution)
        except InvalidJobOperation:  # Redis was emptied meanwhile: what was done stays done
            log.warning("redis_forgot_job", job=job.id)
        finally:
            over.set()
            heart.join()
            deps().jobs.done(job.id)
            self.connection.delete(job.key)
        self.set_state("idle")

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """How long this worker may be silent, however long the job may take."""
        del job, working_time
        return SILENT_FOR

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ's sign of life in Redis, and ours in Postgres."""
        super().heartbeat(timeout, pipeline)
        try:
            scheduler.beat(deps(), self.name.rpartition(".")[0], "worker")
        except TryLater:
            return  # a database that is away shows on the health page by itself

    def clean_registries(self) -> None:
        """RQ's clean-up without its judgement of time. It compares the clocks of two machines, and
        would give up what a machine with a slow clock is at; our claims and keys end by Redis's
        clock alone. It fails when another process forgets a dead worker's job meanwhile.
        """
        for queue in self.queues:
            if queue.acquire_maintenance_lock():
                try:
                    forget_what_ended(queue)
                except (ValueError, InvalidJobOperation):
                    log.warning("cleaned_by_another")
                queue.release_maintenance_lock()  # type: ignore[no-untyped-call]
        self.last_cleaned_at = now()  # type: ignore[assignment]

    def handle_warm_shutdown_request(self) -> None:
        """Told to end: the job at work gives up the rest after its present batch."""
        stop()

    def _beat(self, job: Job, execution: Execution, over: Event) -> None:
        while not over.wait(BEAT_EVERY):
            try:
                deps().jobs.renew([job.id])
                self.maintain_heartbeats(job, execution)
                self.connection.expire(job.key, JOB_TIMEOUT)  # RQ would keep it for ever
            except RedisError:
                log.warning("redis_away")
