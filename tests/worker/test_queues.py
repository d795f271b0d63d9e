"""Every job has code, a queue and somebody who serves it; every duty is done by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from backend.jobs import CLAIM, QUEUE_OF, JobName, QueueName, claim_of
from backend.services import scheduler
from backend.store.upkeep import claim_duty
from tests.support.company import DANA, Company
from worker import jobs
from worker.loop import Heart, next_job, perform
from worker.queues import SERVES, WorkerRole
from worker.tidying import keep_order


def test_every_job_is_a_function_on_a_queue() -> None:
    assert set(QUEUE_OF) == set(JobName)
    for name in JobName:
        assert callable(getattr(jobs, name.value))


def test_every_queue_is_served_and_imports_never_hold_up_live_mail() -> None:
    assert set(SERVES[WorkerRole.ANY]) == set(QueueName)
    together = {*SERVES[WorkerRole.PROMPT], *SERVES[WorkerRole.PATIENT]}
    assert together == set(QueueName)
    assert QueueName.IMPORT not in SERVES[WorkerRole.PROMPT]


def test_a_duty_is_claimed_once_however_many_schedules_run(quiet_company: Company) -> None:
    store, now = quiet_company.deps.store, quiet_company.deps.now()

    def claim(_: int) -> bool:
        with store.begin_global() as session:
            return claim_duty(session, "sync", every=timedelta(seconds=10), now=now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(16))) == 1
    with store.begin_global() as session:
        later = now + timedelta(seconds=10)
        assert claim_duty(session, "sync", every=timedelta(seconds=10), now=later)
    assert scheduler.do_duties(quiet_company.deps) == 0
    before = quiet_company.database.next_transaction()
    scheduler.do_duties(quiet_company.deps)
    assert quiet_company.database.next_transaction() == before  # nothing due, nothing written


def test_what_redis_lost_is_asked_for_again(quiet_company: Company) -> None:
    company = quiet_company
    company.receives(**{"from": DANA})
    box = company.connect()
    company.forget_redis()
    assert company.work() == 0
    assert scheduler.do_duties(company.deps) >= 1
    assert company.work() >= 1
    assert company.value("SELECT state FROM mailboxes WHERE id = %s", box) == "live"


def test_asking_twice_while_a_job_waits_is_asking_once(quiet_company: Company) -> None:
    company = quiet_company
    for _ in range(3):
        company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        assert Queue("live", connection=redis, serializer=JSONSerializer).count == 1


def queued(redis: Redis) -> int:
    return int(Queue("live", connection=redis, serializer=JSONSerializer).count)


def test_a_claim_nobody_renews_ends_by_itself(quiet_company: Company) -> None:
    """Its worker died, or Redis lost the job and kept the claim."""
    company, jobs = quiet_company, quiet_company.deps.jobs
    jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        job_id = Queue("live", connection=redis).pop_job_id()
        assert 0 < redis.ttl(claim_of(str(job_id))) <= CLAIM
        jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queued(redis) == 0
        redis.expire(claim_of(str(job_id)), 0)
        jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queued(redis) == 1


def test_a_job_that_waits_is_asked_for_once_however_long_it_waits(quiet_company: Company) -> None:
    company, jobs = quiet_company, quiet_company.deps.jobs
    jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        redis.delete(claim_of("sync_mailbox-1-1-0"))  # Redis lost its last second
        keep_order(redis, jobs)
        jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queued(redis) == 1


def test_what_others_wrote_into_redis_stops_nothing(quiet_company: Company) -> None:
    """Keys of another kind, without fields, without expiry, and invalid ids."""
    company, jobs = quiet_company, quiet_company.deps.jobs
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        redis.hset(claim_of("sync_mailbox-1-1-0"), "last_heartbeat", "now")
        redis.set(claim_of("sync_mailbox-1-2-0"), "", ex=10**6)
        redis.hset("rq:job:sync_mailbox-1-1", "last_heartbeat", "now")
        redis.set("rq:job:sync_mailbox-1-3", b"\xff")
        redis.set("rq:queue:live", "text")
        redis.lpush("rq:queues", b"\xff")
        redis.rpush("rq:queue:send", b"\xff\xfe", "", "nobody's", "sync_mailbox-1-x-00000000")
        keep_order(redis, jobs)
        for mailbox_id in (1, 2, 3):
            jobs.enqueue(JobName.SYNC_MAILBOX, 1, mailbox_id)
        assert queued(redis) == 3


def test_a_job_that_others_wrote_is_never_run(quiet_company: Company, tmp_path: Path) -> None:
    """Write access to Redis must not allow calling arbitrary functions."""
    company, mark = quiet_company, tmp_path / "was here"
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        queue = Queue("live", connection=redis, serializer=JSONSerializer)
        queue.enqueue_call("os.mkdir", args=[str(mark)], job_id="sync_mailbox-1-1-00000000")
        queue.enqueue_call("worker.jobs.sync_mailbox", args=[1, 1], job_id="of-others")
        redis.hset("rq:job:sync_mailbox-1-2-00000000", "data", b"\x00 is no job")
        redis.rpush(queue.key, "sync_mailbox-1-2-00000000")
        for _ in range(3):
            job = next_job([queue, queue], redis)
            assert job is not None
            perform(job, Heart(company.deps, redis, "a test"))
            assert not redis.exists(job.key)
        assert queued(redis) == 0
    assert not mark.exists()


def test_a_job_that_fails_can_be_asked_for_again(quiet_company: Company) -> None:
    company, jobs = quiet_company, quiet_company.deps.jobs
    with Redis.from_url(str(company.settings.redis_url)) as redis:
        queue = Queue("live", connection=redis, serializer=JSONSerializer)
        queue.enqueue_call(
            "worker.jobs.sync_mailbox", args=["none"], job_id="sync_mailbox-1-1-00000000"
        )
        jobs.renew(["sync_mailbox-1-1-00000000"])
        job = next_job([queue, queue], redis)
        assert job is not None
        perform(job, Heart(company.deps, redis, "a test"))
        jobs.enqueue(JobName.SYNC_MAILBOX, 1, 1)
        assert queued(redis) == 1
