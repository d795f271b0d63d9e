"""What the schedule keeps in order in Redis: claims of jobs that wait, and keys that are not ours.

Nothing here decides what is done, and everything survives what it finds: a Redis that was emptied,
restored from an old copy, or written to by others.
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
    """Make room for what RQ writes, and say of each job that waits that it does."""
    queues = [Queue(one.value, connection=redis, serializer=JSONSerializer) for one in QueueName]
    try:
        drop_foreign(redis, queues)
        for queue in queues:
            jobs.renew(waiting(queue))
    except RedisError as error:
        log.warning("redis_away", why=type(error).__name__)


def waiting(queue: Queue) -> Iterator[str]:
    """Ids on a queue's list, without what is no text."""
    yield from map(as_text, queue.connection.lrange(queue.key, 0, -1))


def as_text(found: object) -> str:
    """What Redis holds, whoever wrote it."""
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)


def forget_what_ended(queue: Queue) -> None:
    """Forget workers and jobs whose keys are gone, and what is over. Redis ends keys by its own
    clock, so that no machine's is asked.
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
    """Delete what stands under RQ's names and is of another kind than RQ keeps there. Nobody can
    use it, and every job would fail on it.
    """
    expected = dict(kinds(queues))
    with redis.pipeline(transaction=False) as asked:
        for key in expected:
            asked.type(key)
        found = asked.execute()
    for (key, kind), real in zip(expected.items(), found, strict=True):
        if real.decode() not in {kind, "none"}:
            log.warning("foreign_key_dropped", key=key, kind=real.decode())
            redis.delete(key)


def kinds(queues: list[Queue]) -> Iterator[tuple[str, str]]:
    """RQ's keys that are there for all jobs, with what each is."""
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
