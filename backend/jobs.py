"""Job names, the queue each belongs to, and how they are enqueued.

A job carries ids only and may run twice. Truth stands in Postgres: a job that Redis loses is
enqueued again by the schedule. Of each kind one per mailbox waits or runs, by a claim in Redis that
ends by itself: it is renewed by the schedule while the job waits and by the worker while it runs.
So whatever Redis loses, keeps too long or holds of others, a job is not asked for in vain for
longer than a claim lasts.
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
    GO_ON_WITH_LIST = "go_on_with_list"


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
    JobName.GO_ON_WITH_LIST: QueueName.IMPORT,
}

JOB_TIMEOUT = 300
"""Seconds after which RQ ends a job. Services end well before and leave the rest for the next."""


JOB_LIFE = 6 * 3600
"""Seconds after which Redis forgets a job that nobody took."""

CLAIM = 20
"""Seconds for which a job counts as asked for after the last sign of it. The schedule renews the
claims of waiting jobs three times as often, the worker that of the job at work four times.
"""

CLAIM_PREFIX = "rapport:asked:"
JOB_ID = re.compile(rf"({'|'.join(JobName)})(-\d+){{1,3}}-[0-9a-f]{{8}}")


class Jobs(Protocol):
    """The way to have something done by a worker, soon and at least once."""

    def enqueue(self, name: JobName, *ids: int) -> None:
        """Ask for the job. Asking twice while it waits or runs is the same as once."""

    def renew(self, job_ids: Iterable[str]) -> None:
        """These jobs wait or run: they need not be asked for again."""

    def done(self, job_id: str) -> None:
        """The job is over, and may be asked for again."""


class RedisJobs:
    """Jobs through RQ. Without Redis the request is dropped: the schedule asks again."""

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
        """Whether nobody has asked for it. What lasts longer than a claim is none: it is of others,
        or Redis's clock was set back.
        """
        key = claim_of(job_id)
        if self._redis.set(key, job_id, nx=True, ex=CLAIM):
            return True
        if 0 <= self._redis.ttl(key) <= CLAIM:
            return False
        self._redis.set(key, job_id, ex=CLAIM)
        return True


def claim_of(job_id: str) -> str:
    """The key that says that a job is asked for: the same for all of its kind and ids."""
    return CLAIM_PREFIX + job_id.rpartition("-")[0]
