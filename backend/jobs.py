"""Job names, the queue each belongs to, and how they are enqueued.

A job carries ids only and may run twice. Truth stands in Postgres: a job that Redis loses is
enqueued again by the schedule. `sync` and `send` jobs are one per mailbox at a time, by their job
id.
"""

from enum import StrEnum
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer


class QueueName(StrEnum):
    """The queues, in the order in which a worker serves them."""

    LIVE = "live"
    SEND = "send"
    IMPORT = "import"
    UPKEEP = "upkeep"


class JobName(StrEnum):
    """Every job; the value is the function in `worker.jobs`."""

    SYNC_MAILBOX = "sync_mailbox"
    SEND_MAILBOX = "send_mailbox"
    IMPORT_MAILBOX = "import_mailbox"
    RENEW_WATCH = "renew_watch"
    SETTLE_DOUBTS = "settle_doubts"
    AUDIT_MAILBOX = "audit_mailbox"
    REPLAN_WORKSPACE = "replan_workspace"


QUEUE_OF = {
    JobName.SYNC_MAILBOX: QueueName.LIVE,
    JobName.SEND_MAILBOX: QueueName.SEND,
    JobName.IMPORT_MAILBOX: QueueName.IMPORT,
    JobName.RENEW_WATCH: QueueName.UPKEEP,
    JobName.SETTLE_DOUBTS: QueueName.SEND,
    JobName.AUDIT_MAILBOX: QueueName.UPKEEP,
    JobName.REPLAN_WORKSPACE: QueueName.UPKEEP,
}

JOB_TIMEOUT = 300
"""Seconds after which RQ ends a job. Services end well before and leave the rest for the next."""


class Jobs(Protocol):
    """The way to have something done by a worker, soon and at least once."""

    def enqueue(self, name: JobName, *ids: int) -> None:
        """Ask for the job. Asking twice while it waits is the same as once."""


class RedisJobs:
    """Jobs through RQ. Without Redis the request is dropped: the schedule asks again."""

    def __init__(self, redis: Redis) -> None:
        self._queues = {
            queue: Queue(queue.value, connection=redis, serializer=JSONSerializer)
            for queue in QueueName
        }

    def enqueue(self, name: JobName, *ids: int) -> None:
        """See `Jobs.enqueue`."""
        queue = self._queues[QUEUE_OF[name]]
        job_id = "-".join([name.value, *map(str, ids)])
        try:
            queue.enqueue_call(
                func=f"worker.jobs.{name.value}",
                args=ids,
                job_id=job_id,
                unique=True,
                timeout=JOB_TIMEOUT,
                result_ttl=0,
                failure_ttl=0,
            )
        except (DuplicateJobError, RedisError):
            return
