"""Housekeeping of the schedule in Redis: claims of waiting jobs, and keys that are not ours.

Nothing here decides what work is done, and everything survives a Redis that was emptied, restored
from an old copy, or written to by others.
"""

from collections.abc import Iterator

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_registration import clean_worker_registry

from backend.jobs import Jobs, QueueName

log = structlog.get_logger(__name__)


def keep_order(redis: Redis, jobs: Jobs) -> None:
    """Remove keys in RQ's way, and renew the claim of each waiting job."""
    queues = [Queue(one.value, connection=redis, serializer=JSONSerializer) for one in QueueName]
    try:
        drop_foreign(redis, queues)
        for queue in queues:
            jobs.renew(waiting(queue))
    except RedisError as error:
        log.warning("redis_away", why=type(error).__name__)


def waiting(queue: Queue) -> Iterator[str]:
    """Job ids on a queue's list, as text."""
    yield from map(as_text, queue.connection.lrange(queue.key, 0, -1))


def as_text(value: object) -> str:
    """A value of Redis as text, whatever its bytes."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def forget_what_ended(queue: Queue) -> None:
    """Drop workers and jobs whose keys have expired, and finished entries. Redis expires keys by
    its own clock, so no machine's clock matters.
    """
    queue.finished_job_registry.cleanup()
    queue.failed_job_registry.cleanup()
    clean_worker_registry(queue)
    redis, started = queue.connection, queue.started_job_registry.key
    for entry in map(as_text, redis.zrange(started, 0, -1)):
        if not redis.exists(Job.key_for(entry.partition(":")[0])):
            redis.zrem(started, entry)
    for entry in map(as_text, redis.lrange(queue.intermediate_queue_key, 0, -1)):
        if not redis.exists(Job.key_for(entry)):
            redis.lrem(queue.intermediate_queue_key, 0, entry)


def drop_foreign(redis: Redis, queues: list[Queue]) -> None:
    """Delete keys with RQ's names whose type is not RQ's. They are of no use, and every job would
    fail on them.
    """
    expected = dict(kinds(queues))
    with redis.pipeline(transaction=False) as pipe:
        for key in expected:
            pipe.type(key)
        types = pipe.execute()
    for (key, kind), real in zip(expected.items(), types, strict=True):
        if real.decode() not in {kind, "none"}:
            log.warning("foreign_key_dropped", key=key, kind=real.decode())
            redis.delete(key)


def kinds(queues: list[Queue]) -> Iterator[tuple[str, str]]:
    """RQ's keys shared by all jobs, each with its Redis type."""
    yield Queue.redis_queues_keys, "set"
    yield Worker.redis_workers_keys, "set"
    for queue in queues:
        yield queue.key, "list"
        yield queue.intermediate_queue_key, "list"
        yield f"{Worker.redis_workers_keys}:{queue.name}", "set"
        for registry in (
            queue.started_job_registry,
            queue.finished_job_registry,
            queue.failed_job_registry,
            queue.deferred_job_registry,
            queue.scheduled_job_registry,
            queue.canceled_job_registry,
            queue.ready_job_registry,
        ):
            yield registry.key, "zset"
