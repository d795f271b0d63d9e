"""Jobs whose worker died: forgotten, so that the sweeps may ask for them again.

A job is asked for once while it waits or runs, so one that does neither would never run again.
"""

from datetime import datetime, timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import InvalidJobOperation
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from backend.jobs import QueueName

log = structlog.get_logger(__name__)

ON_ITS_WAY = timedelta(minutes=1)
"""How long a job may be neither in a queue nor at work: a worker takes it within milliseconds."""


def free_lost_jobs(redis: Redis, now: datetime) -> None:
    """Forget jobs of workers that fell silent, and those lost on their way to one."""
    queues = [Queue(one.value, connection=redis, serializer=JSONSerializer) for one in QueueName]
    try:
        for queue in queues:
            StartedJobRegistry(queue=queue).cleanup()
        # In the order in which a job goes, so that none slips by between two of these looks.
        lost = known_jobs(redis)
        lost -= {job_id for queue in queues for job_id in queue.job_ids}
        lost -= {one for queue in queues for one in StartedJobRegistry(queue=queue).get_job_ids()}
        for job_id in sorted(lost):
            forget_lost(redis, job_id, now)
    except RedisError:
        log.warning("redis_away")
    except (ValueError, InvalidJobOperation):  # a worker forgot the same job at the same time
        log.warning("cleaned_by_another")


def known_jobs(redis: Redis) -> set[str]:
    """Every job Redis holds."""
    prefix = Job.redis_job_namespace_prefix
    return {key.decode().removeprefix(prefix) for key in redis.scan_iter(f"{prefix}*", count=1000)}


def forget_lost(redis: Redis, job_id: str, now: datetime) -> None:
    """Delete one job, unless it has only just been taken off its queue."""
    found = Job.fetch_many([job_id], connection=redis, serializer=JSONSerializer)[0]
    if found is None or found.enqueued_at is None:
        return
    if now - found.enqueued_at > ON_ITS_WAY:
        log.warning("job_lost", job=job_id)
        found.delete()
