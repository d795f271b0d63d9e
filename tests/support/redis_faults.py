"""What can happen to a Redis under the product, beside being emptied; and what it is at."""

from collections.abc import Mapping

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from backend.jobs import CLAIM_PREFIX, QueueName
from tests.support.processes import eventually
from worker.tidying import as_text


def at_work(redis: Redis) -> set[str]:
    """Ids of the jobs that workers are at: those with a claim that are on no queue's list."""
    claims = list(redis.scan_iter(f"{CLAIM_PREFIX}*"))
    claimed = {as_text(value) for value in redis.mget(claims) if value} if claims else set()
    waiting = {
        job_id
        for name in QueueName
        for job_id in Queue(name.value, connection=redis, serializer=JSONSerializer).job_ids
    }
    return claimed - waiting


def kinds(job_ids: set[str]) -> set[str]:
    """What jobs with these ids do."""
    return {job_id.partition("-")[0] for job_id in job_ids}


def renewed(redis: Redis, job_ids: set[str], *, within: float) -> bool:
    """Whether these jobs are seen at work by some time, one of each kind, whatever waits beside."""
    seen: set[str] = set()

    def look() -> bool:
        seen.update(job_ids & at_work(redis))
        return kinds(seen) >= kinds(job_ids)

    return eventually(look, within=within)


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
