"""What can happen to a Redis under the product, beside being emptied; and what it is at."""

from collections.abc import Mapping

from redis import Redis
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from backend.jobs import QueueName


def at_work(redis: Redis) -> set[str]:
    """Names of the jobs that workers are at."""
    started = (
        StartedJobRegistry(
            queue=Queue(name.value, connection=redis, serializer=JSONSerializer)
        ).get_job_ids(cleanup=False)
        for name in QueueName
    )
    return {job_id.partition("-")[0] for ids in started for job_id in ids}


def copied(redis: Redis) -> Mapping[bytes, tuple[bytes, int]]:
    """Everything, as a replica would have it, with the milliseconds each key still lives."""
    found = {key: (redis.dump(key), max(int(redis.pttl(key)), 0)) for key in redis.scan_iter("*")}
    return {key: (dump, life) for key, (dump, life) in found.items() if dump is not None}


def replaced(redis: Redis, copy: Mapping[bytes, tuple[bytes, int]]) -> None:
    """Another server takes its place, with an older copy. Everybody has to reconnect."""
    redis.flushall()
    for key, (dump, life) in copy.items():
        redis.restore(key, life, dump, replace=True)  # somebody may have been faster
    redis.client_kill_filter(_type="normal", skipme=True)
