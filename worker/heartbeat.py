"""RQ's worker without a fork: it sends heartbeats while a job runs and stops soon after a signal.

Everything we change in RQ is here. RQ's own forkless worker sends no heartbeat during a job, so a
killed one would block its mailbox until the job's timeout. What RQ leaves of a job whose key was
lost meanwhile is deleted when the job ends.
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
"""Seconds between two heartbeats of a busy worker."""

SILENT_FOR = 25
"""Seconds without a heartbeat after which RQ considers the worker dead and removes its job."""


class HeartbeatWorker(SimpleWorker):
    """Runs one job after the other, with heartbeats from a second thread."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run the job while another thread sends heartbeats."""
        over = Event()
        execution = self.prepare_execution(job)
        heart = Thread(target=self._beat, args=(job, execution, over), daemon=True)
        heart.start()
        try:
            self.perform_job(job, queue, execution)
        except InvalidJobOperation:  # Redis was emptied meanwhile: the job's work stays done
            log.warning("redis_forgot_job", job=job.id)
        finally:
            over.set()
            heart.join()
            deps().jobs.done(job.id)
            self.connection.delete(job.key)
        self.set_state("idle")

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """How long this worker may stay silent, whatever the job's timeout."""
        del job, working_time
        return SILENT_FOR

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Record RQ's heartbeat in Redis and ours in Postgres."""
        super().heartbeat(timeout, pipeline)
        try:
            scheduler.beat(deps(), self.name.rpartition(".")[0], "worker")
        except TryLater:
            return  # the health page shows an unreachable database anyway

    def clean_registries(self) -> None:
        """RQ's clean-up without its time check, which compares the clocks of two machines and would
        abandon the job of a machine with a slow clock; our claims and keys expire by Redis's clock
        alone. RQ's version also fails when another process removes a dead worker's job meanwhile.
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
        """On a signal, the running job stops after its current batch."""
        stop()

    def _beat(self, job: Job, execution: Execution, over: Event) -> None:
        while not over.wait(BEAT_EVERY):
            try:
                deps().jobs.renew([job.id])
                self.maintain_heartbeats(job, execution)
                self.connection.expire(job.key, JOB_TIMEOUT)  # RQ would keep it for ever
            except RedisError:
                log.warning("redis_away")
