"""Housekeeping of the schedule in Redis: claims of waiting jobs, and keys that are not ours.

Nothing here decides what work is done, and everything survives a Redis that was emptied, restored
from an old copy, or written to by others.
"""

from collections.abc import Iterator

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

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
    for queue in queues:
        yield queue.key, "list"
