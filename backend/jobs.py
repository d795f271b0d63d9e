"""Job names, the queue each belongs to, and how they are enqueued.

A job carries ids only and may run twice. The truth is in Postgres: a job that Redis loses is
enqueued again by the schedule. Jobs are deduplicated by a claim in Redis that expires: at most one
per kind and mailbox waits or runs. The schedule renews the claim while the job waits, the worker
while it runs. So whatever Redis loses or keeps too long, a job is blocked for no longer than a
claim lasts.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from secrets import token_hex
from typing import Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger(__name__)


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
    LOOK_AGAIN = "look_again"
    SETTLE_DOUBTS = "settle_doubts"
    AUDIT_MAILBOX = "audit_mailbox"
    READ_ADDRESSES = "read_addresses"
    REPLAN_WORKSPACE = "replan_workspace"
    FILE_INBOUND = "file_inbound"
    GO_ON_WITH_LIST = "go_on_with_list"
    CHECK_CLIENT = "check_client"
    CHECK_SETUP = "check_setup"
    REDACT_MAILBOX = "redact_mailbox"


QUEUE_OF = {
    JobName.SYNC_MAILBOX: QueueName.LIVE,
    JobName.SEND_MAILBOX: QueueName.SEND,
    JobName.IMPORT_MAILBOX: QueueName.IMPORT,
    JobName.RENEW_WATCH: QueueName.UPKEEP,
    JobName.LOOK_AGAIN: QueueName.UPKEEP,
    JobName.SETTLE_DOUBTS: QueueName.SEND,
    JobName.AUDIT_MAILBOX: QueueName.UPKEEP,
    JobName.READ_ADDRESSES: QueueName.UPKEEP,
    JobName.REPLAN_WORKSPACE: QueueName.UPKEEP,
    JobName.FILE_INBOUND: QueueName.LIVE,
    JobName.GO_ON_WITH_LIST: QueueName.IMPORT,
    JobName.CHECK_CLIENT: QueueName.UPKEEP,
    JobName.CHECK_SETUP: QueueName.LIVE,
    JobName.REDACT_MAILBOX: QueueName.UPKEEP,
}

JOB_TIMEOUT = 300
"""Seconds after which the worker ends a job. Services stop well before and leave the rest to the
next job.
"""


JOB_LIFE = 6 * 3600
"""Seconds after which Redis drops a job that no worker took."""

CLAIM = 12
"""Seconds for which a claim lasts after its last renewal. The schedule renews the claims of waiting
jobs four times as often, and so does the worker that of the job at work.
"""

CLAIM_PREFIX = "rapport:asked:"
JOB_ID = re.compile(rf"({'|'.join(JobName)})(-\d+){{0,3}}-[0-9a-f]{{8}}")


class Jobs(Protocol):
    """Enqueues jobs for the workers: at least once, soon."""

    def enqueue(self, name: JobName, *ids: int) -> None:
        """Enqueue the job. Idempotent while the job waits or runs."""

    def renew(self, job_ids: Iterable[str]) -> None:
        """Renew the claims of jobs that wait or run."""

    def done(self, job_id: str) -> None:
        """Release the claim of a finished job."""


class RedisJobs:
    """Jobs through RQ. Without Redis the request is dropped: the schedule repeats it."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queues = {
            queue: Queue(queue.value, connection=redis, serializer=JSONSerializer)
            for queue in QueueName
        }

    def enqueue(self, name: JobName, *ids: int) -> None:
        """See `Jobs.enqueue`."""
        job_id = "-".join([name, *map(str, ids), token_hex(4)])
        try:
            if not self._claim(job_id):
                return
            self._queues[QUEUE_OF[name]].enqueue_call(
                func=f"worker.jobs.{name}",
                args=ids,
                job_id=job_id,
                timeout=JOB_TIMEOUT,
                ttl=JOB_LIFE,
                result_ttl=0,
                failure_ttl=0,
            )
        except RedisError as error:
            log.warning("job_not_queued", job=name, why=type(error).__name__)

    def renew(self, job_ids: Iterable[str]) -> None:
        """See `Jobs.renew`."""
        with self._redis.pipeline(transaction=False) as renewed:
            for job_id in filter(JOB_ID.fullmatch, job_ids):
                renewed.set(claim_of(job_id), job_id, ex=CLAIM)
            renewed.execute()

    def done(self, job_id: str) -> None:
        """See `Jobs.done`."""
        self._redis.delete(claim_of(job_id))

    def _claim(self, job_id: str) -> bool:
        """Whether the claim was free. A key that outlives a claim is not one: another program wrote
        it, or Redis's clock was set back.
        """
        key = claim_of(job_id)
        if self._redis.set(key, job_id, nx=True, ex=CLAIM):
            return True
        if 0 <= self._redis.ttl(key) <= CLAIM:
            return False
        self._redis.set(key, job_id, ex=CLAIM)
        return True


def worker_key(pid: int) -> str:
    """The key by which a worker process of this machine says that it takes jobs."""
    return f"rapport:worker:{pid}"


def claim_of(job_id: str) -> str:
    """The claim's key: the same for all jobs of this kind with these ids."""
    return CLAIM_PREFIX + job_id.rpartition("-")[0]
